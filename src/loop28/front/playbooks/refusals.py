"""What `playbooks` says no to."""

from django.utils.translation import gettext_lazy as _

from loop28.front.playbooks.wording import Remark
from loop28.kernel.refusals import Refusal


class PlaybookHasMistakes(Refusal):
    """A playbook with mistakes cannot be published; ``mistakes`` holds all of them."""

    message = _(
        "This playbook cannot be published yet. Mistakes found: %(count)s. The first is in line "
        "%(line)s: %(first)s"
    )
    status = 422

    def __init__(self, mistakes: list[Remark]) -> None:
        first = mistakes[0]
        super().__init__(field="source", count=len(mistakes), line=first.line, first=first.message)
        self.mistakes = mistakes


class NoSuchPlaybook(Refusal):
    """There is no published version with this number."""

    message = _("There is no such playbook version. Choose one from the list of playbooks.")
    status = 404


class NoSuchDraft(Refusal):
    """There is no draft with this number."""

    message = _("There is no such draft. Choose one from the list of playbooks.")
    status = 404


class NotYourDraft(Refusal):
    """Somebody wants to write in a draft of somebody else."""

    message = _("Only its author writes in a draft. Take a copy of it and go on in that.")
    status = 403


class DraftClosed(Refusal):
    """A draft that is in review, published or dropped takes no more writing."""

    message = _(
        "This draft cannot be changed now: it is %(state)s. Your text was not saved. If it is in "
        "review, take it back first; else begin a new draft."
    )


class DraftMoved(Refusal):
    """A draft was saved elsewhere since this text was read: none of the two is overwritten."""

    message = _(
        "This draft was saved in another window since you opened it here. Nothing was overwritten: "
        "compare the two and decide which one stays."
    )

    def __init__(self, stored: str, revision: int) -> None:
        super().__init__(field="text")
        self.stored = stored
        self.revision = revision


class DraftTooLong(Refusal):
    """A draft is longer than any playbook may be."""

    message = _(
        "The text has %(bytes)s bytes; a playbook has at most %(limit)s. Keep courseware elsewhere "
        "and link to it."
    )
    status = 422


class OwnDraft(Refusal):
    """Who wrote a draft may not be the one who passes it."""

    message = _("You wrote this draft: somebody else has to review and publish it.")
    status = 403


class NotInReview(Refusal):
    """Only what was handed in can be published or sent back."""

    message = _("This draft is not in review: it is %(state)s. Open it again and look.")


class ReviewedAnother(Refusal):
    """The draft was handed in again since the reviewer opened it."""

    message = _("The draft was handed in again since you opened it. Read the new text first.")


class CommentMissing(Refusal):
    """Nobody can mend what was sent back without a word."""

    message = _("Please say what should be changed.")
    status = 422


class OnlyLinesAreRehearsed(Refusal):
    """A weekly playbook has no line that could be played to its end."""

    message = _("Only the playbooks of lines are rehearsed. A weekly playbook has no end.")
