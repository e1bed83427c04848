from django.db import models
from django.utils.translation import gettext_lazy as _

from loop28.back.people.models import Region
from loop28.middle.members.models import Member


class GroupKind(models.TextChoices):
    """What a group is for: a line's people live in the first, the others have no last day."""

    NEWCOMER = "newcomer", _("newcomer group")
    INTEREST = "interest", _("interest group")
    HEAD = "head", _("head-user group")


STANDING = frozenset({GroupKind.INTEREST, GroupKind.HEAD})
"""Kinds without a last day."""


class Group(models.Model):
    """A chat group on one platform. ``version`` grows with every change its page shows.

    ``zone`` is the region's time zone: by it a message has its day and its hour.
    """

    platform = models.CharField(max_length=20, default="house")
    kind = models.CharField(max_length=12, choices=GroupKind, default=GroupKind.NEWCOMER)
    name = models.CharField(max_length=100)  # a line's: its code and the playbook's name for it
    host = models.ForeignKey(Member, models.PROTECT, related_name="hosted_groups")
    region = models.ForeignKey(Region, models.PROTECT, related_name="groups")
    zone = models.CharField(max_length=40)
    version = models.BigIntegerField(default=1)
    pinned = models.ForeignKey("Message", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a group. Leaving keeps the row; coming back clears ``left_at``."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    read_up_to = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class MessageKind(models.TextChoices):
    TEXT = "text", _("text")
    TALK = "talk", _("talk")
    PACKET = "packet", _("red packet")
    CALL = "call", _("call")
    TASKS = "tasks", _("tasks")
    NOTICE = "notice", _("notice")


class Message(models.Model):
    """What was said. ``member`` None is the programme itself; ``as_host`` marks the host speaking.

    ``ref`` points to what the message carries: a packet's or a beat's id, by its kind.
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="messages", db_index=False)
    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    member = models.ForeignKey(Member, models.PROTECT, null=True)
    as_host = models.BooleanField()
    kind = models.CharField(max_length=8, choices=MessageKind)
    text = models.TextField()
    ref = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="one_message")
        ]
        indexes = [models.Index(fields=["group", "id"])]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def writer(self) -> str:
        """The name of whoever wrote it; empty for the programme."""
        return self.member.name if self.member else ""


class Outgoing(models.Model):
    """A message the house has to send. Its ``key`` makes it one message, however often sent."""

    key = models.CharField(max_length=120, unique=True)
    group = models.ForeignKey(Group, models.CASCADE)
    as_host = models.BooleanField()
    kind = models.CharField(max_length=8, choices=MessageKind)
    text = models.TextField()
    ref = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="waiting_to_be_sent")
        ]

    def __str__(self) -> str:
        return self.key


class ActiveDay(models.Model):
    """A member did something in a group on a local day: wrote, opened a packet, did a task."""

    group = models.ForeignKey(Group, models.CASCADE, db_index=False)
    member = models.ForeignKey(Member, models.CASCADE)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "day", "member"], name="active_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"


class HourCount(models.Model):
    """How many messages people wrote in a group in one local hour."""

    group = models.ForeignKey(Group, models.CASCADE, db_index=False)
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    messages = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "day", "hour"], name="one_hour")]

    def __str__(self) -> str:
        return f"{self.day} {self.hour}"
