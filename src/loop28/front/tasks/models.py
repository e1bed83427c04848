from django.db import models
from django.db.models import Q

from loop28.front.lines.models import Line
from loop28.middle.members.models import Member


class Assignment(models.Model):
    """One task of the line's playbook given to one member, with its own window.

    ``nth`` tells several assignments of the same task apart. The deadline itself still counts.
    ``taken_back`` is how often a refund undid the completion: each further one is a new round.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="assignments", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="assignments", db_index=False)
    task = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    nth = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=40, default="", blank=True)
    taken_back = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "member", "task", "nth"], name="one_assignment"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, evidence="")
                | (Q(done_at__isnull=False) & ~Q(evidence="")),
                name="done_with_evidence",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "kind", "done_at"]),
            # What boards count over many lines: how much is done, and by how many people.
            models.Index(
                fields=["line", "member"], condition=Q(done_at__isnull=False), name="tasks_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} of {self.member_id}"


class Step(models.Model):
    """One thing that counts towards an assignment's target, once: that is the unique key.

    ``subject`` is the local day of a check-in or ``order:<id>``. A refund removes its step.
    """

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="steps", db_index=False)
    subject = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "subject"], name="one_step")]
        indexes = [models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.subject} for {self.assignment_id}"
