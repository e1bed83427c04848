from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from loop28.back.people.models import Region
from loop28.middle.members.models import Member


class GroupKind(models.TextChoices):
    """What a group is for: a line's people live in the first, the others have no last day.

    The last kind is a member's own, built while they learn.
    """

    NEWCOMER = "newcomer", _("newcomer group")
    INTEREST = "interest", _("interest group")
    HEAD = "head", _("head-user group")
    OWN = "own", _("member's own group")


STANDING = frozenset({GroupKind.INTEREST, GroupKind.HEAD})
"""Kinds that live by a weekly rhythm."""


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
    """A person in a group. Leaving keeps the row; coming back clears ``left_at``.

    Who was removed has left too, and does not come back before ``removed_at`` is cleared.
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)
    mute_reason = models.CharField(max_length=200, blank=True, default="")
    removed_at = models.DateTimeField(null=True)
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


class Hand(models.TextChoices):
    """Who moderates: the host first, then the region. Who was erased took their words along."""

    HOST = "host", _("the host")
    REGION = "region", _("the region")
    WRITER = "writer", _("its writer, who was erased")


class Message(models.Model):
    """What was said. ``member`` None is the programme itself; ``as_host`` marks the host speaking.

    ``ref`` points to what the message carries: a packet's or a beat's id, by its kind. One that was
    taken down keeps its text; ``taken_down`` says by which hand, ``changed_in`` in which version of
    the group, so that pages which show it learn of it. Only a writer who is erased takes the text.
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
    taken_down = models.CharField(max_length=8, choices=Hand, blank=True, default="")
    changed_in = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="one_message")
        ]
        indexes = [
            models.Index(fields=["group", "id"]),
            models.Index(
                fields=["group", "changed_in"],
                condition=models.Q(changed_in__isnull=False),
                name="messages_changed",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def writer(self) -> str:
        """The name of whoever wrote it; empty for the programme."""
        return self.member.name if self.member else ""


class Outgoing(models.Model):
    """A message the house has to send. Its ``key`` makes it one message, however often sent.

    One that could not be sent is tried again at ``next_at``, and given up after some tries;
    ``given_up_by`` is the person who gave it up, nobody where the house did.
    """

    key = models.CharField(max_length=120, unique=True)
    group = models.ForeignKey(Group, models.CASCADE)
    as_host = models.BooleanField()
    kind = models.CharField(max_length=8, choices=MessageKind)
    text = models.TextField()
    ref = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")
    next_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    given_up_by = models.CharField(max_length=40, blank=True, default="")

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


class Reason(models.Model):
    """Why somebody moderated, in their words: kept beside the journal, so that it can be erased."""

    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text


class GroupRules(models.Model):
    """What members may not write in groups of a kind: words, and links to other sites."""

    kind = models.CharField(max_length=12, choices=GroupKind, unique=True)
    words = models.JSONField(default=list)
    links_blocked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.kind


class Cause(models.TextChoices):
    """What a complaint is about. ``words`` is the house's own: it found a blocked word."""

    ADVERTISING = "ads", _("advertising")
    INSULT = "insult", _("insult or quarrel")
    MONEY = "money", _("asks for money or promises income")
    PRIVATE = "private", _("shows somebody's private things")
    OTHER = "other", _("something else")
    WORDS = "words", _("a blocked word or link")


class Decision(models.TextChoices):
    TAKEN_DOWN = "down", _("message taken down")
    MUTED = "mute", _("muted")
    REMOVED = "remove", _("removed")
    SETTLED = "settled", _("settled by talking")
    UNFOUNDED = "unfounded", _("unfounded")


class Complaint(models.Model):
    """A member's complaint about a message, or about a group where ``message`` is None.

    ``by`` None is the house, which found a blocked word. ``about`` wrote the message. ``first`` is
    the hand it came to; when its time is over, the region decides. ``decided_by`` is an actor as
    the journal writes it.
    """

    key = models.CharField(max_length=60, unique=True)
    group = models.ForeignKey(Group, models.CASCADE, related_name="complaints")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="complaints")
    by = models.ForeignKey(Member, models.CASCADE, null=True, related_name="complaints")
    about = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")
    cause = models.CharField(max_length=8, choices=Cause)
    words = models.TextField(blank=True)
    first = models.CharField(max_length=8, choices=Hand)
    at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=models.Q(decided_at=None), name="complaints_open")
        ]

    def __str__(self) -> str:
        return self.key


class Pace(models.Model):
    """How a region's people are written to: never in its quiet hours, not too often a day.

    A region without a row has these defaults.
    """

    region = models.OneToOneField(Region, models.CASCADE, related_name="pace")
    quiet_from = models.TimeField(default=time(22))
    quiet_until = models.TimeField(default=time(8))
    daily_limit = models.PositiveSmallIntegerField(default=5)

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}, {self.daily_limit}"


class Notice(models.Model):
    """What the house has to tell one person; ``group`` is where it comes from, for its pace.

    What waits for the same person leaves as one message: then they share ``sent_at``.
    """

    key = models.CharField(max_length=80, unique=True)
    member = models.ForeignKey(Member, models.CASCADE, related_name="notices", db_index=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="notices")
    text = models.TextField()
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "sent_at"]),
            models.Index(
                fields=["id"],
                condition=models.Q(sent_at=None, dropped_at=None),
                name="notices_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Silence(models.Model):
    """A person who wants no notices."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="silence")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member_id} since {self.since}"
