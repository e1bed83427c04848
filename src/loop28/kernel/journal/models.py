from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """A fact as it stands in the journal. Never updated, never deleted: the database refuses it.

    ``staff`` marks the few facts that are the house's own, among all that members bring about: the
    user who did it, 0 where a command changed the house itself.
    """

    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    line = models.BigIntegerField(null=True)
    member = models.BigIntegerField(null=True)
    staff = models.BigIntegerField(null=True)
    data = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [
            models.Index(fields=["line", "id"]),
            models.Index(fields=["member", "id"]),
            models.Index(
                fields=["id"], condition=Q(staff__isnull=False), name="journal_of_the_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind}"


class RehearsalMark(models.Model):
    """Its one row says: this database is a rehearsal, and its time may be moved."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_mark")]

    def __str__(self) -> str:
        return "rehearsal"
