from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loop28.front.groups.models import Group
from loop28.front.lines.models import BeatState, Line
from loop28.front.playbooks.models import PlaybookVersion
from loop28.middle.members.models import Member


class Circle(models.Model):
    """A standing group. Its chat group says its name, kind, host and region; it has no last day.

    ``first_week`` is the Monday from which its rhythm's cycle counts; before ``planned_until``,
    a Monday too, its beats are laid out. ``key`` makes a form that is sent twice one group.
    """

    key = models.UUIDField(unique=True)
    group = models.OneToOneField(Group, models.PROTECT, related_name="circle")
    topic = models.CharField(max_length=100)
    rhythm = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="circles")
    first_week = models.DateField()
    planned_until = models.DateField(db_index=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.group.name


class WeekBeat(models.Model):
    """One timed action of a standing group in one week; a talk is several, one a message.

    ``week`` is its Monday. The other fields are as in a line's beat.
    """

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="beats", db_index=False)
    week = models.DateField()
    key = models.CharField(max_length=50)
    part = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    by_host = models.BooleanField()
    grace = models.PositiveIntegerField(null=True)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=BeatState, default=BeatState.PLANNED)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "week", "key", "part"], name="one_beat_a_week"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="week_beats_planned")
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.key}.{self.part}"


class Answer(models.TextChoices):
    OPEN = "open", _("no answer yet")
    YES = "yes", _("said yes")
    NO = "no", _("said no")


class Invite(models.Model):
    """A member was asked into a standing group, once; ``line`` is the one they came from."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="invites", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="invites")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="invites")
    answer = models.CharField(max_length=4, choices=Answer)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circle", "member"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.member_id} into {self.circle_id}"
