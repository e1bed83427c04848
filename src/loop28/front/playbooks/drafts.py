"""What is done with drafts: written, handed in, sent back, published by a second person."""

import re

from loop28.front.playbooks import actions, queries
from loop28.front.playbooks.facts import (
    DraftDropped,
    DraftHandedIn,
    DraftPublished,
    DraftSentBack,
    DraftStarted,
    DraftTakenBack,
)
from loop28.front.playbooks.models import Draft, DraftState, PlaybookVersion, Review
from loop28.front.playbooks.reading import BYTES_MAX
from loop28.front.playbooks.refusals import (
    CommentMissing,
    DraftClosed,
    DraftMoved,
    DraftTooLong,
    NoSuchDraft,
    NotInReview,
    NotYourDraft,
    OwnDraft,
    ReviewedAnother,
)
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.weekly import Weekly
from loop28.kernel import journal
from loop28.kernel.access import Actor, require

_NAME = re.compile(r"^name:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_WRITABLE = (DraftState.WRITING, DraftState.SENT_BACK)


@journal.action
def start(actor: Actor, text: str = "", based_on: int | None = None) -> Draft:
    """Begin a draft with a text; ``based_on`` is the version it is compared with later.

    Refuses with NotAllowed, DraftTooLong and NoSuchPlaybook.
    """
    require(actor, *queries.WRITERS)
    text = _tidy(text)
    if based_on is not None:
        queries.version(actor, based_on)
    draft = Draft.objects.create(
        author_id=actor.id,
        based_on_id=based_on,
        name=_name(text),
        text=text,
        saved_at=journal.now(),
    )
    journal.record(DraftStarted(draft=draft.pk, based_on=based_on))
    return draft


@journal.action
def save(actor: Actor, draft_id: int, text: str, revision: int) -> Draft:
    """Write a draft's new text over the ``revision`` its author saw.

    Refuses with DraftMoved when it was written since, with the text that is there; also with
    NotAllowed, NoSuchDraft, NotYourDraft, DraftClosed, DraftTooLong.
    """
    draft = _own(actor, draft_id)
    if draft.state not in _WRITABLE:
        raise DraftClosed(state=draft.get_state_display())
    text = _tidy(text)
    if text == draft.text:
        return draft  # the same text from two windows is no quarrel
    if draft.revision != revision:
        raise DraftMoved(draft.text, draft.revision)
    draft.text, draft.name, draft.saved_at = text, _name(text), journal.now()
    draft.revision += 1
    draft.save(update_fields=["text", "name", "saved_at", "revision"])
    return draft


def hand_in(actor: Actor, draft_id: int, revision: int) -> Draft:
    """Ask for a review of a draft as it was saved.

    Refuses with PlaybookHasMistakes, DraftMoved, and as `save` does.
    """
    actions.faultless(queries.draft(actor, draft_id).text)
    return _hand_in(actor, draft_id, revision)


@journal.action
def _hand_in(actor: Actor, draft_id: int, revision: int) -> Draft:
    draft = _own(actor, draft_id)
    if draft.state not in _WRITABLE:
        raise DraftClosed(state=draft.get_state_display())
    if draft.revision != revision:
        raise DraftMoved(draft.text, draft.revision)
    draft.state = DraftState.IN_REVIEW
    draft.revision += 1  # what a reviewer decides on: a text handed in again is another one
    draft.save(update_fields=["state", "revision"])
    journal.record(DraftHandedIn(draft=draft.pk, revision=draft.revision))
    return draft


@journal.action
def take_back(actor: Actor, draft_id: int) -> Draft:
    """Go on writing a draft that is in review. Refuses with NotInReview, and as `save` does."""
    draft = _own(actor, draft_id)
    if draft.state != DraftState.IN_REVIEW:
        raise NotInReview(state=draft.get_state_display())
    draft.state = DraftState.WRITING
    draft.save(update_fields=["state"])
    journal.record(DraftTakenBack(draft=draft.pk))
    return draft


@journal.action
def drop(actor: Actor, draft_id: int) -> None:
    """Give a draft up. Its text stays for whoever looks it up. Refuses as `save` does."""
    draft = _own(actor, draft_id)
    if draft.state == DraftState.DROPPED:
        return
    if draft.state not in _WRITABLE:
        raise DraftClosed(state=draft.get_state_display())
    draft.state = DraftState.DROPPED
    draft.save(update_fields=["state"])
    journal.record(DraftDropped(draft=draft.pk))


@journal.action
def send_back(actor: Actor, draft_id: int, revision: int, comment: str) -> Review:
    """Ask the author to change something first.

    ``revision`` is the one that was read. Refuses with NotAllowed, NoSuchDraft, NotInReview,
    ReviewedAnother, OwnDraft, CommentMissing.
    """
    draft = _in_review(actor, draft_id, revision)
    if not comment.strip():
        raise CommentMissing(field="comment")
    draft.state = DraftState.SENT_BACK
    draft.save(update_fields=["state"])
    review = _said(actor, draft, passed=False, comment=comment.strip())
    journal.record(DraftSentBack(draft=draft.pk, review=review.pk))
    return review


def publish(actor: Actor, draft_id: int, revision: int, comment: str = "") -> PlaybookVersion:
    """Make a draft that somebody else wrote a version; its author may only where nobody else can.

    Refuses with PlaybookHasMistakes (the rules may have grown since it was handed in), and as
    `send_back` does.
    """
    playbook, text = actions.faultless(queries.draft(actor, draft_id).text)
    return _publish(actor, draft_id, revision, comment, playbook, text)


@journal.action
def _publish(
    actor: Actor, draft_id: int, revision: int, comment: str, playbook: Playbook | Weekly, text: str
) -> PlaybookVersion:
    draft = _in_review(actor, draft_id, revision)
    version = actions.add_version(actor, playbook, text)
    draft.state, draft.version = DraftState.PUBLISHED, version
    draft.save(update_fields=["state", "version"])
    _said(actor, draft, passed=True, comment=comment.strip())
    own = draft.author_id == actor.id
    journal.record(DraftPublished(draft=draft.pk, version=version.pk, alone=own))
    return version


def _own(actor: Actor, draft_id: int) -> Draft:
    draft = _locked(actor, draft_id)
    if draft.author_id != actor.id:
        raise NotYourDraft
    return draft


def _in_review(actor: Actor, draft_id: int, revision: int) -> Draft:
    """A draft in review, locked. While it is there its text does not change."""
    draft = _locked(actor, draft_id)
    if draft.state != DraftState.IN_REVIEW:
        raise NotInReview(state=draft.get_state_display())
    if not queries.may_review(actor, draft):
        raise OwnDraft
    if draft.revision != revision:
        raise ReviewedAnother
    return draft


def _locked(actor: Actor, draft_id: int) -> Draft:
    require(actor, *queries.WRITERS)
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NoSuchDraft
    return draft


def _said(actor: Actor, draft: Draft, *, passed: bool, comment: str) -> Review:
    return Review.objects.create(
        draft=draft,
        revision=draft.revision,
        reviewer_id=actor.id,
        passed=passed,
        comment=comment,
        at=journal.now(),
    )


def _tidy(text: str) -> str:
    """With our line ends, and without NUL, which no database keeps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if (size := len(text.encode("utf-8", "replace"))) > BYTES_MAX:
        raise DraftTooLong(field="text", bytes=size, limit=BYTES_MAX)
    return text


def _name(text: str) -> str:
    """The playbook's name where the text says one, mistakes or not: the list of drafts needs it."""
    found = _NAME.search(text)
    return found[1][:60] if found else ""
