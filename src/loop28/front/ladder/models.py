from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.back.people.models import Region
from loop28.front.lines.models import Line
from loop28.front.playbooks.models import PlaybookVersion
from loop28.middle.members.models import Member


class Level(models.TextChoices):
    OWNER = "owner", _("shop owner")
    SUPERVISOR = "supervisor", _("supervisor")


class PromotionState(models.TextChoices):
    PROPOSED = "proposed", _("waiting for approval")
    GRANTED = "granted", _("granted")
    DECLINED = "declined", _("declined")
    ENDED = "ended", pgettext_lazy("level", "taken back")


class Promotion(models.Model):
    """A step up: the numbers that decided, and the person where one had to.

    ``line`` is None for somebody appointed by staff, for example the first hosts; then ``reason``
    says why. ``attempt`` is one more than how often the step was declined or taken back before, so
    that the key decides that a step is proposed or granted once, and what was stays on record.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="promotions", db_index=False)
    level = models.CharField(max_length=10, choices=Level)
    attempt = models.PositiveSmallIntegerField(default=1)
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, related_name="promotions", db_index=False
    )
    numbers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=PromotionState)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "level", "attempt"], name="one_step_up"),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at=None)
                | models.Q(state__in=["granted", "declined", "ended"], decided_at__isnull=False),
                name="decided_when",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "level"]),
            models.Index(
                fields=["proposed_at"], condition=models.Q(state="proposed"), name="steps_proposed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.level}"


class Cause(models.TextChoices):
    NUMBERS = "refunds", _("the numbers no longer hold")  # named after the first reason for it
    COMPLAINTS = "complaints", _("complaints found right")
    IDLE = "idle", _("nothing done for long")
    PERSON = "person", _("a person's decision")


class DemotionState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("demotion", "waiting for a decision")
    DONE = "done", pgettext_lazy("demotion", "taken back")
    DROPPED = "dropped", pgettext_lazy("demotion", "left as it is")


class Demotion(models.Model):
    """A step up that is to be taken back: proposed by the rule, done or dropped by a person.

    ``numbers`` are what the rule saw. ``attempt`` is one more than how often it was dropped before,
    so that the key decides that one is open or done at a time.
    """

    promotion = models.ForeignKey(
        Promotion, models.PROTECT, related_name="demotions", db_index=False
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField(max_length=10, choices=Cause)
    numbers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=DemotionState)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "attempt"], name="one_demotion"),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at=None)
                | (models.Q(state__in=["done", "dropped"], decided_at__isnull=False)),
                name="demotion_decided_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at"],
                condition=models.Q(state="proposed"),
                name="demotions_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.cause}"


class AppealState(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "waiting for an answer")
    UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
    REJECTED = "rejected", pgettext_lazy("appeal", "not upheld")


class Appeal(models.Model):
    """A member disagrees with a decision about their level; a second person answers, for good.

    ``decision`` names it, and that it is appealed once: ``declined:7`` and ``demoted:7`` for the
    step up or the demotion of that number, ``line:3:41:owner`` for a member of a line that did not
    make them one. ``line`` is the line that decision is about, if any.
    """

    decision = models.CharField(max_length=60, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="appeals")
    level = models.CharField(max_length=10, choices=Level)
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="appeals")
    promotion = models.ForeignKey(Promotion, models.PROTECT, null=True, related_name="appeals")
    demotion = models.ForeignKey(Demotion, models.PROTECT, null=True, related_name="appeals")
    numbers = models.JSONField(default=dict)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=AppealState, default=AppealState.OPEN)
    answer = models.CharField(max_length=300, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at=None)
                | (models.Q(state__in=["upheld", "rejected"], decided_at__isnull=False)),
                name="appeal_answered_when",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(state="open"), name="appeals_open"),
        ]

    def __str__(self) -> str:
        return self.decision

    @property
    def first_decider(self) -> int | None:
        """Whoever decided what is appealed; None where the rule did."""
        made = self.demotion or self.promotion
        return made.decided_by_id if made else None


class Review(models.Model):
    """The day on which levels with which nothing is done were looked for last."""

    day = models.DateField(unique=True)

    def __str__(self) -> str:
        return str(self.day)


class Graduate(models.Model):
    """A member who finished a line, with what they had done by then."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="graduates", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="graduations")
    tasks = models.PositiveSmallIntegerField()
    orders = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "member"], name="one_graduation")]

    def __str__(self) -> str:
        return f"{self.member_id} of {self.line_id}"


class OfferState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", pgettext_lazy("offer", "declined")
    LAPSED = "lapsed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Offer(models.Model):
    """The next line, offered to somebody who may host it; ``line`` once it was opened.

    ``attempt`` is one more than how many offers for the same host and day came to nothing, so that
    the key decides that one stands at a time, and what was declined stays on record.
    """

    host = models.ForeignKey(Member, models.PROTECT, related_name="offers", db_index=False)
    start_day = models.DateField()
    attempt = models.PositiveSmallIntegerField(default=1)
    region = models.ForeignKey(Region, models.PROTECT, related_name="offers")
    playbook = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="offers")
    size = models.PositiveSmallIntegerField()
    budget_fen = models.BigIntegerField()
    answer_by = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OfferState, default=OfferState.OPEN)
    reason = models.CharField(max_length=200, default="", blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    ended_at = models.DateTimeField(null=True)
    line = models.OneToOneField(Line, models.PROTECT, null=True, related_name="offer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "start_day", "attempt"], name="one_offer"),
            models.CheckConstraint(
                condition=models.Q(line=None) | models.Q(state="accepted"),
                name="opened_when_accepted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], condition=models.Q(state="open"), name="offers_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host_id} from {self.start_day}"
