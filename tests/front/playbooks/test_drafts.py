"""Drafts: written by one, reviewed by another, never overwritten unseen."""

import itertools

import pytest

from loop28.front.playbooks import drafts, queries
from loop28.front.playbooks.models import Draft, DraftState, PlaybookVersion, Review
from loop28.front.playbooks.reading import BYTES_MAX
from loop28.front.playbooks.refusals import (
    CommentMissing,
    DraftClosed,
    DraftMoved,
    DraftTooLong,
    NoSuchDraft,
    NoSuchPlaybook,
    NotInReview,
    NotYourDraft,
    OwnDraft,
    PlaybookHasMistakes,
    ReviewedAnother,
)
from loop28.kernel.access import Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests import factories
from tests.front.playbooks.kit import PROGRAMMES, SMALL, changed
from tests.races import Died, dying_at, together

OTHER = changed("name: 五天小打法", "name: 五天新打法")


@pytest.fixture
def author(db):
    return factories.staff(Role.MIDDLE).actor


@pytest.fixture
def reviewer(db):
    return factories.staff(Role.REGION_MANAGER, factories.region()).actor


@pytest.fixture
def handed_in(author, reviewer):
    return hand_in(author, SMALL)


def hand_in(author, text):
    draft = drafts.start(author, text)
    return drafts.hand_in(author, draft.pk, draft.revision)


def kinds():
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


class TestWriting:
    def test_a_draft_begins_with_the_text_of_a_version_and_remembers_it(self, author):
        version = publish_first(author)
        draft = drafts.start(author, version.source, version.pk)
        assert (draft.text, draft.based_on, draft.state) == (SMALL, version, DraftState.WRITING)
        assert draft.name == "五天小打法"
        told = Entry.objects.filter(kind="DraftStarted").latest("id").data
        assert told == {"draft": draft.pk, "based_on": version.pk}

    def test_a_draft_may_be_anything_with_mistakes_or_nothing(self, author):
        for text in ("", "%", "name:", "a\0b", "name: " + "长" * 100):
            draft = drafts.start(author, text)
            assert draft.text == text.replace("\0", "")
        assert draft.name == "长" * 60

    def test_saving_writes_the_text_and_counts_the_revision(self, author):
        draft = drafts.start(author, SMALL)
        saved = drafts.save(author, draft.pk, OTHER.replace("\n", "\r\n"), 1)
        assert (saved.text, saved.revision, saved.name) == (OTHER, 2, "五天新打法")

    def test_of_two_windows_the_second_is_refused_and_told_both(self, author):
        draft = drafts.start(author, "one")
        drafts.save(author, draft.pk, "two", 1)
        with pytest.raises(DraftMoved) as refused:
            drafts.save(author, draft.pk, "three", 1)
        assert (refused.value.stored, refused.value.revision) == ("two", 2)
        assert Draft.objects.get().text == "two"

    def test_the_same_text_from_two_windows_is_no_quarrel(self, author):
        draft = drafts.start(author, "one")
        drafts.save(author, draft.pk, "two", 1)
        assert drafts.save(author, draft.pk, "two", 1).revision == 2

    def test_nobody_else_writes_in_it(self, author, reviewer):
        draft = drafts.start(author, SMALL)
        for verb in (
            lambda: drafts.save(reviewer, draft.pk, OTHER, 1),
            lambda: drafts.hand_in(reviewer, draft.pk, 1),
            lambda: drafts.take_back(reviewer, draft.pk),
            lambda: drafts.drop(reviewer, draft.pk),
        ):
            with pytest.raises(NotYourDraft):
                verb()
        assert Draft.objects.get().text == SMALL

    def test_what_is_longer_than_any_playbook_is_refused(self, author):
        draft = drafts.start(author, "short")
        with pytest.raises(DraftTooLong):
            drafts.save(author, draft.pk, "x" * (BYTES_MAX + 1), 1)
        with pytest.raises(DraftTooLong):
            drafts.start(author, "长" * (BYTES_MAX // 3 + 1))

    def test_what_is_not_there_is_refused(self, author):
        with pytest.raises(NoSuchDraft):
            drafts.save(author, 404, "", 1)
        with pytest.raises(NoSuchPlaybook):
            drafts.start(author, "", 404)

    def test_a_dropped_draft_is_dropped_for_good(self, author):
        draft = drafts.start(author, SMALL)
        drafts.drop(author, draft.pk)
        drafts.drop(author, draft.pk)
        with pytest.raises(DraftClosed):
            drafts.save(author, draft.pk, OTHER, 1)
        assert list(queries.open_drafts(author)) == []
        assert kinds().count("DraftDropped") == 1


class TestReview:
    def test_a_draft_with_mistakes_is_not_handed_in(self, author):
        draft = drafts.start(author, changed('at: "09:00"', 'at: "9:00"'))
        with pytest.raises(PlaybookHasMistakes):
            drafts.hand_in(author, draft.pk, 1)
        assert Draft.objects.get().state == DraftState.WRITING

    def test_what_is_in_review_is_not_written_in(self, author, handed_in):
        with pytest.raises(DraftClosed):
            drafts.save(author, handed_in.pk, OTHER, handed_in.revision)
        with pytest.raises(DraftClosed):
            drafts.drop(author, handed_in.pk)

    def test_a_second_person_publishes_it(self, handed_in, reviewer):
        version = drafts.publish(reviewer, handed_in.pk, handed_in.revision, "好")
        assert (version.source, version.published_by_id) == (SMALL, reviewer.id)
        draft, review = Draft.objects.get(), Review.objects.get()
        assert (draft.state, draft.version) == (DraftState.PUBLISHED, version)
        assert (review.reviewer_id, review.passed, review.comment) == (reviewer.id, True, "好")
        assert kinds()[-4:] == [
            "DraftStarted",
            "DraftHandedIn",
            "PlaybookPublished",
            "DraftPublished",
        ]
        assert Entry.objects.get(kind="DraftPublished").data["alone"] is False

    def test_the_author_may_not(self, author, handed_in):
        for verb in (
            lambda: drafts.publish(author, handed_in.pk, handed_in.revision),
            lambda: drafts.send_back(author, handed_in.pk, handed_in.revision, "no"),
        ):
            with pytest.raises(OwnDraft):
                verb()
        assert not PlaybookVersion.objects.exists()

    def test_where_nobody_else_writes_playbooks_the_author_may_and_the_journal_says_so(
        self, author
    ):
        factories.staff(Role.FINANCE)
        factories.staff(Role.AUDITOR)
        draft = hand_in(author, SMALL)
        drafts.publish(author, draft.pk, draft.revision)
        assert Entry.objects.get(kind="DraftPublished").data["alone"] is True

    def test_it_is_sent_back_with_a_comment_and_handed_in_again(self, author, handed_in, reviewer):
        drafts.send_back(reviewer, handed_in.pk, handed_in.revision, " 第三天太满 ")
        draft = Draft.objects.get()
        assert draft.state == DraftState.SENT_BACK
        assert Review.objects.get().comment == "第三天太满"
        draft = drafts.save(author, draft.pk, OTHER, draft.revision)
        draft = drafts.hand_in(author, draft.pk, draft.revision)
        drafts.publish(reviewer, draft.pk, draft.revision)
        assert [review.passed for review in queries.reviews(author, draft.pk)] == [True, False]

    def test_sending_back_needs_a_word(self, handed_in, reviewer):
        with pytest.raises(CommentMissing):
            drafts.send_back(reviewer, handed_in.pk, handed_in.revision, "  ")
        assert Draft.objects.get().state == DraftState.IN_REVIEW

    def test_who_read_an_older_text_decides_nothing(self, author, handed_in, reviewer):
        read = handed_in.revision
        drafts.take_back(author, handed_in.pk)
        with pytest.raises(NotInReview):
            drafts.publish(reviewer, handed_in.pk, read)
        draft = drafts.save(author, handed_in.pk, OTHER, read)
        drafts.hand_in(author, draft.pk, draft.revision)
        for verb in (
            lambda: drafts.publish(reviewer, draft.pk, read),
            lambda: drafts.send_back(reviewer, draft.pk, read, "no"),
        ):
            with pytest.raises(ReviewedAnother):
                verb()

    def test_the_same_text_handed_in_again_is_another_review(self, author, handed_in, reviewer):
        drafts.send_back(reviewer, handed_in.pk, handed_in.revision, "really?")
        again = drafts.hand_in(author, handed_in.pk, handed_in.revision)
        drafts.send_back(reviewer, again.pk, again.revision, "really?")
        assert Review.objects.count() == 2

    def test_only_what_was_handed_in_is_published_or_taken_back(self, author, reviewer):
        draft = drafts.start(author, SMALL)
        with pytest.raises(NotInReview):
            drafts.publish(reviewer, draft.pk, 1)
        with pytest.raises(NotInReview):
            drafts.take_back(author, draft.pk)

    def test_the_rhythm_of_a_standing_group_is_reviewed_like_any_other(self, author, reviewer):
        draft = hand_in(author, (PROGRAMMES / "weekly-home-kitchen.yaml").read_text())
        assert drafts.publish(reviewer, draft.pk, draft.revision).weekly

    def test_a_text_that_is_published_already_is_the_version_it_is(self, author, reviewer):
        first, second = hand_in(author, SMALL), hand_in(author, SMALL)
        versions = [drafts.publish(reviewer, d.pk, d.revision) for d in (first, second)]
        assert versions[0] == versions[1]
        assert set(Draft.objects.values_list("state", flat=True)) == {DraftState.PUBLISHED}


@pytest.mark.django_db
class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.MEMBER, Role.MACHINE])
    def test_others_neither_write_nor_review(self, role):
        actor = Actor(role, 1)
        for verb in (
            lambda: drafts.start(actor, SMALL),
            lambda: drafts.save(actor, 1, "", 1),
            lambda: drafts.take_back(actor, 1),
            lambda: drafts.send_back(actor, 1, 1, "no"),
        ):
            with pytest.raises(NotAllowed):
                verb()

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.MEMBER, Role.MACHINE])
    def test_others_see_no_drafts(self, role):
        with pytest.raises(NotAllowed):
            queries.drafts(Actor(role, 1))

    def test_auditors_read_them_and_decide_nothing(self, author, reviewer, handed_in):
        auditor = factories.staff(Role.AUDITOR).actor
        assert queries.draft(auditor, handed_in.pk) == handed_in
        with pytest.raises(NotAllowed):
            drafts.publish(auditor, handed_in.pk, handed_in.revision)


def publish_first(author):
    draft = hand_in(author, SMALL)
    return drafts.publish(factories.staff().actor, draft.pk, draft.revision)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_writes_and_the_others_are_told():
    author = factories.staff(Role.MIDDLE).actor
    draft = drafts.start(author, "begin")

    def save(text):
        try:
            return drafts.save(author, draft.pk, text, 1)
        except DraftMoved as no:
            return no

    outcomes = together(*[lambda text=f"text {n}": save(text) for n in range(6)])
    refused = [outcome for outcome in outcomes if isinstance(outcome, DraftMoved)]
    stored = Draft.objects.get()
    assert len(refused) == 5
    assert stored.revision == 2
    assert {no.stored for no in refused} == {stored.text}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_does():
    author, reviewer = factories.staff(Role.MIDDLE).actor, factories.staff().actor
    draft = hand_in(author, SMALL)

    def decide(verb, *more):
        try:
            verb(reviewer, draft.pk, draft.revision, *more)
        except NotInReview:
            return False
        return True

    verbs = [lambda: decide(drafts.publish), lambda: decide(drafts.send_back, "no")] * 3
    assert together(*verbs).count(True) == 1
    assert Review.objects.count() == 1
    published = Draft.objects.get().state == DraftState.PUBLISHED
    assert PlaybookVersion.objects.exists() == published


@pytest.mark.django_db(transaction=True)
def test_a_crash_while_publishing_leaves_the_draft_in_review_and_no_version():
    author, reviewer = factories.staff(Role.MIDDLE).actor, factories.staff().actor
    draft = hand_in(author, SMALL)
    for statement in itertools.count(1):
        try:
            with dying_at(statement):
                drafts.publish(reviewer, draft.pk, draft.revision)
            break
        except Died:
            assert Draft.objects.get().state == DraftState.IN_REVIEW
            assert not PlaybookVersion.objects.exists()
            assert not Review.objects.exists()
    assert statement > 5
    assert Draft.objects.get().state == DraftState.PUBLISHED
