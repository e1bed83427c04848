from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loop28.back.people.models import Region
from loop28.front.groups.models import Group
from loop28.front.lines.outcomes import readable
from loop28.front.playbooks.models import PlaybookVersion
from loop28.middle.members.models import Member


class Line(models.Model):
    """One run of a playbook. Which day it is follows from ``start_day``; it is not stored.

    ``ended_at`` is when it was over: by graduation, or, with ``stopped_at``, before that.
    ``paused_at`` is set while it stands still. A pause that shifted the rest made ``days`` more, so
    that days are always counted on the calendar.
    """

    code = models.CharField(max_length=30, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="lines", db_index=False)
    playbook = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="lines")
    host = models.ForeignKey(Member, models.PROTECT, related_name="hosted_lines", db_index=False)
    start_day = models.DateField()
    days = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    parents = models.ManyToManyField("self", symmetrical=False, related_name="children")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__range=(2, 500)), name="size_2_to_500"),
            models.UniqueConstraint(fields=["host", "start_day"], name="one_line_a_host_and_day"),
        ]
        indexes = [models.Index(fields=["region", "start_day"])]

    def __str__(self) -> str:
        return self.code


class Phase(models.Model):
    """A phase of a line with the group it lives in; ``number`` counts from 1."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="phases", db_index=False)
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    first_day = models.PositiveSmallIntegerField()
    last_day = models.PositiveSmallIntegerField()
    group = models.OneToOneField(Group, models.PROTECT, related_name="phase")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="one_phase")]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """The personal link of an owner who brings people into a line."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="invitations", db_index=False)
    inviter = models.ForeignKey(Member, models.PROTECT, related_name="invitations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "inviter"], name="one_invitation")]

    def __str__(self) -> str:
        return f"{self.line_id} by {self.inviter_id}"

    @property
    def credited(self) -> int:
        """Who brings those that come by it: a record that was merged away is somebody else now."""
        return self.inviter.merged_into_id or self.inviter_id


class EnrollmentState(models.TextChoices):
    JOINED = "joined", _("joined")
    WAITING = "waiting", _("waiting in line")
    LEFT = "left", _("left")


class Enrollment(models.Model):
    """A person in a line. ``tier`` is their city's tier when they joined; None where unknown."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="enrollments", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="enrollments")
    state = models.CharField(max_length=8, choices=EnrollmentState)
    inviter = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    tier = models.PositiveSmallIntegerField(null=True)
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "member"], name="one_enrollment")]
        indexes = [models.Index(fields=["line", "state", "joined_at"])]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.line_id}"


class Via(models.TextChoices):
    TEXT = "text", _("text in the group")
    BUTTON = "button", _("button")
    OPERATOR = "operator", _("operator")


class OptIn(models.Model):
    """A person answered the call. The first counts, once: that is the unique key."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="opt_ins", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="opt_ins")
    via = models.CharField(max_length=8, choices=Via)
    at = models.DateTimeField()
    message = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "member"], name="one_opt_in")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.via}"


class SpokenTo(models.Model):
    """Whoever runs the line had a word with a member on a local day: nobody is asked twice."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="words", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "day", "member"], name="one_word_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"


class BeatState(models.TextChoices):
    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
    FAILED = "failed", _("could not be done")


class Beat(models.Model):
    """One timed action of a line, compiled when the line opens. A talk is several, one a message.

    ``grace`` is how many seconds late it is still done: None always, 0 never.
    ``by_host`` beats wait for the host's hand. ``payload`` is what the playbook says of it.
    ``shifted`` is how many days later than compiled it is because the line stood still.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="beats", db_index=False)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="beats")
    key = models.CharField(max_length=50)
    part = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8)
    day = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    by_host = models.BooleanField()
    grace = models.PositiveIntegerField(null=True)
    payload = models.JSONField()
    shifted = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=BeatState, default=BeatState.PLANNED)
    done_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "key", "part"], name="one_beat")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="beats_planned"),
            models.Index(fields=["line", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.key}.{self.part}"

    @property
    def outcome_text(self) -> str:
        return readable(self.outcome)


class MendKind(models.TextChoices):
    MOVED = "moved", _("moved")
    EDITED = "edited", _("edited")
    TAKEN_OUT = "taken-out", _("taken out")
    ADDED = "added", _("added")
    HOST = "host", _("host replaced")
    PAUSED = "paused", _("paused")
    RESUMED = "resumed", _("resumed")
    STOPPED = "stopped", _("stopped")


class Mend(models.Model):
    """Somebody changed the course of a running line, and said why.

    ``beat`` is the one it is about, of a talk the first part; None for the line as a whole.
    ``former`` and ``host`` are who ran the line before and after a replacement; ``days`` is by how
    many days a resumption shifted the rest.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="mends")
    kind = models.CharField(max_length=10, choices=MendKind)
    beat = models.ForeignKey(Beat, models.CASCADE, null=True, related_name="mends")
    former = models.ForeignKey(Member, models.PROTECT, null=True, related_name="lines_handed_over")
    host = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    days = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"{self.line_id} {self.kind}"


class WinBack(models.Model):
    """Somebody who did not pass a line is asked, weeks later, to join another one.

    The host whom they know sends the words by hand: ``sent_at`` is when they said so. From one line
    a person is asked once, and into one line, too.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="win_backs", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="win_backs")
    into = models.ForeignKey(Line, models.CASCADE, related_name="asked_back", db_index=False)
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "member"], name="asked_back_once"),
            models.UniqueConstraint(fields=["into", "member"], name="asked_into_once"),
        ]

    # Whether they have joined; no column, only rows of `winning_back.asked` have it.
    came: bool

    def __str__(self) -> str:
        return f"{self.member_id} from {self.line_id} into {self.into_id}"

    @property
    def id_text(self) -> str:
        return str(self.pk)
