from django.db import models


class Pulse(models.Model):
    """A row for each worker that has not ended: when it last came round. Overwritten, no history.

    ``worker`` is where it works: machine, folder of the installation, number there.
    """

    worker = models.TextField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker} {self.at:%F %T}"
