from django.db import models
from django.db.models import F, Q

from loop28.front.groups.models import Group
from loop28.front.lines.models import Beat, Line
from loop28.middle.members.models import Member


class Packet(models.Model):
    """What a packet beat became, under its number: ``total`` fen in ``count`` shares.

    The first ``taken`` shares are opened. Closed when all are, or when it expires: what is left
    then has gone back to the budget.
    """

    beat = models.OneToOneField(Beat, models.PROTECT, primary_key=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="packets")
    group = models.ForeignKey(Group, models.PROTECT, related_name="packets")
    title = models.CharField(max_length=60)
    total = models.BigIntegerField()
    count = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    taken_fen = models.BigIntegerField(default=0)
    returned_fen = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=F("count")), name="a_fen_a_share"),
            models.CheckConstraint(condition=Q(taken__lte=F("count")), name="no_share_twice"),
            models.CheckConstraint(
                condition=Q(taken_fen__gte=0, returned_fen__gte=0)
                & Q(taken_fen__lte=F("total") - F("returned_fen")),
                name="no_more_than_it_holds",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(closed_at=None), name="packets_open")
        ]

    def __str__(self) -> str:
        return self.title


class Share(models.Model):
    """One share, split when the packet was issued and handed out in order of ``number``.

    The database refuses to change what it holds, to delete it, and shares beyond the packet.
    """

    packet = models.ForeignKey(Packet, models.CASCADE, related_name="shares", db_index=False)
    number = models.PositiveSmallIntegerField()
    fen = models.BigIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="shares")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["packet", "number"], name="one_share_a_number"),
            models.UniqueConstraint(fields=["packet", "member"], name="one_share_a_member"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="share_positive"),
            models.CheckConstraint(
                condition=Q(member=None, taken_at=None)
                | Q(member__isnull=False, taken_at__isnull=False),
                name="opened_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet_id}#{self.number}"
