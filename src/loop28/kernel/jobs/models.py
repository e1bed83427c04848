from django.db import models


class Pulse(models.Model):
    """Its one row says when a worker last came round. It is overwritten, for it is no history."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_pulse")]

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
