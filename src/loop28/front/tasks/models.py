from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from loop28.front.lines.models import Line
from loop28.middle.members.models import Member


class Assignment(models.Model):
    """One task of the line's playbook given to one member, with its own window.

    ``opening`` says what gave it, and that this gave it once: ``beat:2`` the second beat that opens
    the task, ``hand:<uuid>`` a person. The deadline itself still counts.

    ``fact`` is the kind of fact that moves it, empty where a person, a quiz or a check-in does.
    ``progress`` is how far it is, and at ``bar`` it is done: both whole numbers in the measure of
    ``mode``, millionths where amounts are counted. What is done stays counted. ``counted_to`` is
    the latest instant of what counted: what is told of an earlier one was told late.

    ``again_at`` is when the same task opens for them once more, None when that has been done.

    ``taken_back`` is how often a refund undid the completion: each further one is a new round.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="assignments", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="assignments", db_index=False)
    task = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    opening = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    fact = models.CharField(max_length=40, default="", blank=True)
    mode = models.CharField(max_length=8, default="", blank=True)
    bar = models.BigIntegerField(default=1)
    progress = models.BigIntegerField(default=0)
    counted_to = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=160, default="", blank=True)
    taken_back = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "member", "task", "opening"], name="one_assignment"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, evidence="")
                | (Q(done_at__isnull=False) & ~Q(evidence="")),
                name="done_with_evidence",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "fact"]),
            models.Index(
                fields=["again_at"], condition=Q(again_at__isnull=False), name="tasks_to_open_again"
            ),
            # What boards count over many lines: how much is done, and by how many people.
            models.Index(
                fields=["line", "member"], condition=Q(done_at__isnull=False), name="tasks_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} of {self.member_id}"


class Moved(models.ForeignObject):  # type: ignore[type-arg]  # it takes none when it runs
    """No column, but a way for queries to go from a fact to the assignments of its member and kind.

    There may be several, which is why it is no foreign key. Whether the fact is in their windows,
    `matching` asks.
    """

    requires_unique_target = False

    def __init__(self) -> None:
        super().__init__(
            Assignment,
            models.DO_NOTHING,
            from_fields=["member", "kind"],
            to_fields=["member", "fact"],
            related_name="+",
        )

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = True, **more: Any
    ) -> None:
        super().contribute_to_class(cls, name, private_only=True, **more)


class Happening(models.Model):
    """A fact that may move tasks, taken in once for good: ``key`` decides, and never expires.

    ``subject`` is what it is about, ``amount`` what it comes to in millionths, ``fields`` what a
    task may ask of it. With ``line`` it moves only the tasks of that line. ``taken_back_at`` is
    when it turned out not to hold, as a refunded order does.
    """

    key = models.CharField(max_length=160, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=100, default="", blank=True)
    amount = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    line = models.BigIntegerField(null=True)
    fields = models.JSONField(encoder=DjangoJSONEncoder, null=True)
    taken_back_at = models.DateTimeField(null=True)

    moved = Moved()

    class Meta:
        indexes = [models.Index(fields=["member", "kind", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Step(models.Model):
    """One subject that counts towards an assignment, once: that is the unique key.

    ``subject`` is the local day of a check-in, or what a fact was about where different subjects
    are counted: ``order:<id>``.
    """

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="steps", db_index=False)
    subject = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "subject"], name="one_step")]

    def __str__(self) -> str:
        return f"{self.subject} for {self.assignment_id}"


class MakeUp(models.Model):
    """A member played a make-up card of a streak: it fills ``day``, once, from ``at`` on.

    A card that was played is spent, also where something of that day is told later on.
    """

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="make_ups", db_index=False
    )
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "day"], name="one_make_up")]

    def __str__(self) -> str:
        return f"{self.day} for {self.assignment_id}"


class Handout(models.Model):
    """Staff gave a task of a line to ``members`` people by hand, and said why.

    ``asked`` is a digest of whom they chose, who need not all have had a seat: by it the same form
    is known when it comes again.
    """

    key = models.UUIDField(unique=True)
    line = models.ForeignKey(Line, models.CASCADE, related_name="handouts")
    task = models.CharField(max_length=40)
    members = models.PositiveIntegerField()
    asked = models.CharField(max_length=64, default="", blank=True)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.task} in {self.line_id}"
