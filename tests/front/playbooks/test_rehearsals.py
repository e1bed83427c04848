"""Rehearsals are asked for once a text, played one at a time, and taken up again when lost."""

import pytest

from loop28.front.playbooks import drafts, queries, rehearsals
from loop28.front.playbooks.models import Rehearsal, RehearsalState
from loop28.front.playbooks.refusals import OnlyLinesAreRehearsed, PlaybookHasMistakes
from loop28.front.playbooks.rehearsals import GONE_AFTER, SEEDS, Why
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry, RehearsalMark
from tests import factories
from tests.front.playbooks.kit import PROGRAMMES, SMALL, changed
from tests.races import together

OTHER = changed("name: 五天小打法", "name: 五天新打法")


@pytest.fixture
def author(db):
    return factories.staff(Role.MIDDLE).actor


def asked(author, text=SMALL):
    return rehearsals.ask(author, drafts.start(author, text).pk)


def state():
    return Rehearsal.objects.get().state


def test_a_draft_is_rehearsed_as_it_is_saved_with_as_many_people_as_it_plans_for(author):
    rehearsal = asked(author)
    assert (rehearsal.text, rehearsal.key, rehearsal.seats) == (SMALL, "small", 20)
    assert rehearsal.state == RehearsalState.ASKED


def test_the_same_text_is_asked_for_once_and_another_one_again(author):
    first = asked(author)
    assert rehearsals.ask(author, first.draft_id).pk == first.pk
    drafts.save(author, first.draft_id, OTHER, 1)
    assert rehearsals.ask(author, first.draft_id).pk != first.pk
    assert Entry.objects.filter(kind="RehearsalAsked").count() == 2


def test_a_draft_with_mistakes_is_not_played(author):
    draft = drafts.start(author, changed('at: "09:00"', 'at: "9:00"'))
    with pytest.raises(PlaybookHasMistakes):
        rehearsals.ask(author, draft.pk)


def test_a_weekly_playbook_has_no_line_to_play(author):
    with pytest.raises(OnlyLinesAreRehearsed):
        asked(author, (PROGRAMMES / "weekly-home-kitchen.yaml").read_text())


def test_it_is_played_and_done_with_its_last_line(author):
    asked(author)
    begun = rehearsals.begin(SYSTEM)
    for seed in range(1, SEEDS + 1):
        assert state() == RehearsalState.RUNNING
        rehearsals.tell(SYSTEM, begun.pk, seed, {"joined": seed})
        rehearsals.tell(SYSTEM, begun.pk, seed, {"joined": 500})
    assert state() == RehearsalState.DONE
    assert [report["joined"] for report in Rehearsal.objects.get().reports] == [1, 2, 3, 4, 5]
    assert rehearsals.begin(SYSTEM) is None
    assert not queries.rehearsal_waits(SYSTEM)


def test_one_is_played_at_a_time_the_longest_waiting_first(author):
    first, second = asked(author), asked(author, OTHER)
    assert rehearsals.begin(SYSTEM).pk == first.pk
    assert rehearsals.begin(SYSTEM) is None
    rehearsals.fail(SYSTEM, first.pk, Why.TIME)
    assert rehearsals.begin(SYSTEM).pk == second.pk


def test_what_failed_is_played_again_when_asked_again(author):
    rehearsal = asked(author)
    rehearsals.begin(SYSTEM)
    rehearsals.tell(SYSTEM, rehearsal.pk, 1, {"joined": 1})
    rehearsals.fail(SYSTEM, rehearsal.pk, Why.BROKEN)
    assert (state(), Rehearsal.objects.get().why) == (RehearsalState.FAILED, "broken")
    rehearsals.ask(author, rehearsal.draft_id)
    again = rehearsals.begin(SYSTEM)
    assert (again.pk, again.reports, again.why) == (rehearsal.pk, [], "")


def test_who_has_to_stop_leaves_the_rest_to_the_next(author):
    rehearsal = asked(author)
    rehearsals.begin(SYSTEM)
    rehearsals.tell(SYSTEM, rehearsal.pk, 1, {"joined": 1})
    rehearsals.put_back(SYSTEM, rehearsal.pk)
    again = rehearsals.begin(SYSTEM)
    assert (again.pk, again.reports) == (rehearsal.pk, [{"joined": 1}])


def test_a_player_who_was_not_heard_of_for_long_is_replaced(author):
    RehearsalMark.objects.get_or_create(id=1)
    rehearsal = asked(author)
    begun = rehearsals.begin(SYSTEM).touched_at
    try:
        clock.move_to(begun + GONE_AFTER / 2)
        rehearsals.tell(SYSTEM, rehearsal.pk, 1, {"joined": 1})
        clock.move_to(begun + GONE_AFTER)
        assert rehearsals.begin(SYSTEM) is None
        clock.move_to(begun + GONE_AFTER * 2)
        assert rehearsals.begin(SYSTEM).pk == rehearsal.pk
    finally:
        clock.move_to(None)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.MEMBER, Role.MACHINE])
def test_who_writes_no_playbooks_asks_for_no_rehearsal(role):
    with pytest.raises(NotAllowed):
        rehearsals.ask(Actor(role, 1), 1)


def test_only_the_installation_plays(author):
    rehearsal = asked(author)
    for verb in (
        lambda: rehearsals.begin(author),
        lambda: rehearsals.tell(author, rehearsal.pk, 1, {}),
        lambda: rehearsals.fail(author, rehearsal.pk, Why.TIME),
        lambda: rehearsals.put_back(author, rehearsal.pk),
    ):
        with pytest.raises(NotAllowed):
            verb()


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_ask_for_one_and_many_players_take_it_once():
    author = factories.staff(Role.MIDDLE).actor
    draft = drafts.start(author, SMALL)
    rows = together(*[lambda: rehearsals.ask(author, draft.pk)] * 6)
    assert len({row.pk for row in rows}) == 1
    taken = together(*[lambda: rehearsals.begin(SYSTEM)] * 6)
    assert sum(one is not None for one in taken) == 1
