from django.conf import settings
from django.db import models


class PlaybookVersion(models.Model):
    """A published playbook, as the text it was. Immutable: a line keeps the one it opened on.

    ``weekly`` ones are the rhythm of standing groups; lines are opened from the others.
    """

    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    weekly = models.BooleanField(default=False)
    source = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_version"),
            models.UniqueConstraint(fields=["key", "digest"], name="one_version_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
