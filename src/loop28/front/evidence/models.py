from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.front.tasks.models import Assignment
from loop28.middle.members.models import Member

WORDS_LIMIT = 200


class State(models.TextChoices):
    WAITING = "waiting", _("waiting for review")
    APPROVED = "approved", pgettext_lazy("picture", "approved")
    REJECTED = "rejected", pgettext_lazy("picture", "not accepted")
    ERASED = "erased", pgettext_lazy("picture", "erased before it was decided")


class Look(models.TextChoices):
    """Which look at a picture it is; each is somebody else's."""

    FIRST = "first", _("first look")
    SECOND = "second", _("second pair of eyes")
    AGAIN = "again", _("re-audit")


class Decision(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("picture", "approved")
    REJECTED = "rejected", pgettext_lazy("picture", "not accepted")


class Why(models.TextChoices):
    """Reasons that are ready; the member reads them in their own language."""

    OTHER_THING = "other_thing", _("The picture does not show what the task asks for.")
    UNREADABLE = "unreadable", _("It cannot be made out: too dark, blurred or cut off.")
    USED_BEFORE = "used_before", _("This picture was handed in before.")
    NOT_OWN = "not_own", _("It looks like somebody else's picture.")
    OTHER = "other", _("Another reason")


class Proof(models.Model):
    """A picture that a member sent for a task; ``nth`` of this task, counted from 1.

    The next one can only come once the one before was not accepted: two that are sent at once meet
    in the unique key. ``look`` is the look it waits for, empty when it waits for none.

    ``digest`` is that of the picture as we keep it, ``original`` that of the file as it came: the
    same picture is found again by either. Both, and ``file``, are empty once it was erased.

    When two records become one person, tasks join two assignments and then tell: until the commit,
    at which the database looks, an assignment may be gone.
    """

    assignment = models.ForeignKey(
        Assignment, models.DO_NOTHING, related_name="proofs", db_index=False
    )
    nth = models.PositiveSmallIntegerField()
    file = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    original = models.CharField(max_length=64, blank=True, db_index=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State)
    look = models.CharField(max_length=6, choices=Look, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "nth"], name="one_picture_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="waiting", look__in=["first", "second"], decided_at=None)
                | Q(state="approved", look__in=["", "again"], decided_at__isnull=False)
                | Q(state__in=["rejected", "erased"], look="", decided_at__isnull=False),
                name="waits_for_the_look_it_needs",
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at"], condition=~Q(look=""), name="proofs_to_look_at")
        ]

    def __str__(self) -> str:
        return f"{self.nth} for {self.assignment_id}"

    @property
    def reason(self) -> str:
        """Why it was not accepted, as the member reads it."""
        no = [one for one in self.reviews.all() if one.decision == Decision.REJECTED]
        return no[0].reason if no else ""


class Review(models.Model):
    """What somebody decided about a picture. Nobody looks at the same one twice: a unique key."""

    proof = models.ForeignKey(Proof, models.CASCADE, related_name="reviews", db_index=False)
    look = models.CharField(max_length=6, choices=Look)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    words = models.CharField(max_length=WORDS_LIMIT, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proof", "look"], name="one_decision_a_look"),
            models.UniqueConstraint(fields=["proof", "by"], name="other_eyes_each_time"),
            models.CheckConstraint(
                condition=Q(decision="approved", why="", words="")
                | Q(decision="rejected") & ~Q(why=""),
                name="a_rejection_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.proof_id}"

    @property
    def reason(self) -> str:
        """What the member reads: the ready reason, their words, or both."""
        if not self.why:
            return ""
        ready = "" if self.why == Why.OTHER else str(Why(self.why).label)
        return " ".join(part for part in (ready, self.words) if part)


class Colleague(models.Model):
    """Who somebody of the staff is among the members, so that they do not review their own."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.user_id} is {self.member_id}"
