from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlaybookVersion(models.Model):
    """A published playbook, as the text it was. Immutable: a line keeps the one it opened on.

    ``weekly`` ones are the rhythm of standing groups; lines are opened from the others.
    """

    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    weekly = models.BooleanField(default=False)
    source = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_version"),
            models.UniqueConstraint(fields=["key", "digest"], name="one_version_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class DraftState(models.TextChoices):
    """Where a draft stands; only a draft in review can be published or sent back."""

    WRITING = "writing", _("being written")
    IN_REVIEW = "in_review", _("in review")
    SENT_BACK = "sent_back", _("sent back")
    PUBLISHED = "published", _("published")
    DROPPED = "dropped", _("dropped")


class Draft(models.Model):
    """A playbook on its way to a version. Its author alone writes in it.

    ``revision`` grows with every writing and every handing in, so that whoever writes or decides
    says what they saw. ``name`` is the playbook's, as far as the text says one yet.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    based_on = models.ForeignKey(
        PlaybookVersion, models.PROTECT, null=True, related_name="drafts_from_it"
    )
    name = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=DraftState, default=DraftState.WRITING, db_index=True
    )
    saved_at = models.DateTimeField()
    version = models.ForeignKey(PlaybookVersion, models.PROTECT, null=True, related_name="drafts")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=DraftState.PUBLISHED) ^ models.Q(version__isnull=True),
                name="published_drafts_have_a_version",
            )
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Review(models.Model):
    """What a second person said of a draft that was handed in: publish it, or do this first."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="reviews", db_index=False)
    revision = models.PositiveIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    passed = models.BooleanField()
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="one_review_a_handing_in")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.revision}"


class RehearsalState(models.TextChoices):
    """How far a rehearsal is."""

    ASKED = "asked", pgettext_lazy("rehearsal", "waiting")
    RUNNING = "running", _("being played")
    DONE = "done", _("played")
    FAILED = "failed", _("failed")


class Rehearsal(models.Model):
    """One text of a draft played by synthetic people: asked for once, and played apart from here.

    ``reports`` holds what each played line came to, in the order of the seeds. ``why`` is a word of
    `rehearsals.Why` when it failed. ``touched_at`` grows with every line that is played: who has
    not touched it for long is gone. ``key`` is the playbook's, as the text says it.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="rehearsals", db_index=False)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    key = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    state = models.CharField(
        max_length=7, choices=RehearsalState, default=RehearsalState.ASKED, db_index=True
    )
    reports = models.JSONField(default=list)
    why = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "digest"], name="one_rehearsal_a_text")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.digest[:8]}"
