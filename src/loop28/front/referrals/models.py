from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loop28.front.groups.models import Group
from loop28.front.lines.models import Line
from loop28.middle.members.models import Member

PLACE_LIMIT = 40
REASON_LIMIT = 200


class Target(models.TextChoices):
    LINE = "line", _("the line")
    PRODUCT = "product", _("the hot product")
    LESSON = "lesson", _("a lesson")
    GROUP = "group", _("my own group")


class Link(models.Model):
    """A member's own link to one thing of a line, for one place where they put it.

    ``token`` stands in the address: 64 bits of chance and not a signature, because the row is
    looked up anyway and a signed number would be three times as long. ``talk`` is the key of the
    lesson in the line's playbook, or the number of the group of one's own. ``place`` is a word of
    the member's own, or the name of the chat ``group`` of ours into which they put it.
    """

    token = models.CharField(max_length=16, unique=True)
    promoter = models.ForeignKey(
        Member, models.PROTECT, related_name="shared_links", db_index=False
    )
    line = models.ForeignKey(Line, models.PROTECT, related_name="shared_links")
    target = models.CharField(max_length=8, choices=Target)
    talk = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=PLACE_LIMIT, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="shared_links")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promoter", "line", "target", "talk", "place"], name="one_link_a_place"
            )
        ]

    def __str__(self) -> str:
        return self.token


class Fan(models.Model):
    """Somebody who touched a link: a phone's visitor, and from the day they join a member.

    ``code`` is what the phone's cookie says; it is forgotten with the last lock of who never
    joined. ``same_as`` is the fan a member already was when another phone turned out to be theirs.
    """

    code = models.BigIntegerField(unique=True, null=True)
    member = models.OneToOneField(Member, models.PROTECT, null=True, related_name="fan")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="phones")
    met_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"fan {self.pk}"


class Click(models.Model):
    """A person touched a link: once, whatever they do afterwards. ``day`` is the region's.

    ``doubtful`` clicks came when a crowd from one network touched the same link within the hour;
    they count, and whoever pays for clicks may look twice.
    """

    link = models.ForeignKey(Link, models.PROTECT, related_name="clicks", db_index=False)
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="clicks")
    at = models.DateTimeField()
    day = models.DateField()
    doubtful = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "fan"], name="one_click")]
        indexes = [models.Index(fields=["link", "at"])]

    def __str__(self) -> str:
        return f"{self.fan_id} on {self.link_id}"


class Tally(models.Model):
    """How many people clicked a link on a day of its region: what the clicks come to, kept."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="tallies", db_index=False)
    day = models.DateField()
    clicks = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="one_tally")]

    def __str__(self) -> str:
        return f"{self.clicks} on {self.link_id}"


class Ended(models.TextChoices):
    NOT = "", _("in its own time")
    SELF = "self", _("it was the promoter")
    MEMBER = "member", _("they were a member before")
    SECOND = "second", _("they had a lock on another phone")
    MOVED = "moved", _("given to somebody else")
    ERASED = "erased", _("the promoter was erased")

    @classmethod
    def held(cls) -> list[str]:
        """How a lock ends that was one, for the fan it is about; after the others it was none, or
        goes on as somebody else's.
        """
        return [cls.NOT.value, cls.ERASED.value]


class Lock(models.Model):
    """From ``since`` up to, not at, ``until`` a fan is a promoter's.

    ``number`` counts a fan's locks from 1, and the next is written only when the last is over: of
    all who would write it at one moment the key lets one. ``ended`` says why a lock was over early,
    or why one that is over was none.
    """

    fan = models.ForeignKey(Fan, models.PROTECT, related_name="locks", db_index=False)
    number = models.PositiveIntegerField()
    promoter = models.ForeignKey(Member, models.PROTECT, related_name="locks", db_index=False)
    link = models.ForeignKey(Link, models.PROTECT, related_name="locks")
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended = models.CharField(max_length=8, choices=Ended, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fan", "number"], name="one_lock_after_another"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="lock_in_order"),
        ]
        indexes = [models.Index(fields=["promoter", "until"])]

    def __str__(self) -> str:
        return f"{self.fan_id} to {self.promoter_id}"


class Decision(models.TextChoices):
    KEPT = "kept", _("the fan stays")
    MOVED = "moved", _("the fan goes to who asked")


class Dispute(models.Model):
    """A member says that a fan who is locked to somebody else is theirs; a person decides, once.

    ``click`` is the one on a link of theirs that they name.
    """

    lock = models.ForeignKey(Lock, models.PROTECT, related_name="disputes", db_index=False)
    claimant = models.ForeignKey(Member, models.PROTECT, related_name="disputes")
    click = models.ForeignKey(Click, models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=REASON_LIMIT)
    at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    why = models.CharField(max_length=REASON_LIMIT, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lock", "claimant"], name="claimed_once")]

    def __str__(self) -> str:
        return f"{self.claimant_id} about {self.lock_id}"


class Crowd(models.Model):
    """How many new visitors of a network touched a link within an hour. Kept for a day.

    ``network`` is a keyed digest of a coarse address; its key is thrown away with the `Salt`.
    """

    link = models.ForeignKey(Link, models.CASCADE, related_name="crowds", db_index=False)
    hour = models.DateTimeField(db_index=True)
    network = models.CharField(max_length=32)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "hour", "network"], name="one_crowd_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.link_id}"


class Salt(models.Model):
    """A day's key for digests of networks; after the day nobody can find out what they were of.

    That today's is the only one says that today's visitors were forgotten.
    """

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.day}"
