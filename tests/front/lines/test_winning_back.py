"""Weeks later those who did not pass are asked into another line, each once."""

from datetime import timedelta

import pytest

from loop28.front.lines import actions, refusals, schedule, winning_back
from loop28.front.lines.models import Invitation, Line, WinBack
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.middle.members import actions as members
from tests.line_kit import (
    START,
    live_until,
    local,
    open_line,
    people,
    seated,
)
from tests.races import together

LATER = START + timedelta(days=30)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at")]


def came(actor: Actor, line: Line) -> dict[int, bool]:
    return {row.member_id: row.came for row in winning_back.asked(actor, line.pk)}


def test_who_kept_a_seat_and_did_not_pass_is_asked_and_nobody_else(line, manager):
    passed, silent, gone, unwilling, elsewhere, again = seated(line, 6)
    live_until(local(2, 21))
    actions.let_in(SYSTEM, line.pk, [passed])
    actions.leave(SYSTEM, line.pk, gone)
    live_until(local(17, 12))
    new, other = open_line(start=LATER), open_line(start=LATER)
    members.withdraw_consent(SYSTEM, unwilling)
    actions.join(SYSTEM, Invitation.objects.get(line=other).pk, [elsewhere])
    assert winning_back.ask_back(manager, line.pk, new.pk) == 2
    assert came(manager, line) == {silent: False, again: False}
    assert Invitation.objects.filter(line=new, inviter_id=line.host_id).exists()
    with pytest.raises(refusals.NobodyToAsk):
        winning_back.ask_back(manager, line.pk, other.pk)


def test_who_accepts_joins_as_usual_and_counts_as_back(line, manager):
    first, second = seated(line, 2)
    live_until(local(17, 12))
    new = open_line(start=LATER)
    winning_back.ask_back(manager, line.pk, new.pk)
    invitation = Invitation.objects.get(line=new, inviter_id=line.host_id)
    assert actions.join(SYSTEM, invitation.pk, [first]) == {first: "joined"}
    assert came(manager, line) == {first: True, second: False}


def test_they_are_left_in_peace_for_two_weeks(line, manager):
    seated(line, 1)
    new = open_line(start=LATER)
    for moment in (local(2, 12), local(16, 23)):
        live_until(moment)
        with pytest.raises(refusals.TooEarlyToAskBack):
            winning_back.ask_back(manager, line.pk, new.pk)
    live_until(local(16, 23, 31))
    assert winning_back.ask_back(manager, line.pk, new.pk) == 1


def test_only_into_a_line_of_the_region_that_takes_people_in(line, manager):
    seated(line, 1)
    closed = open_line(code="HD")
    live_until(local(17, 12))
    for wrong in (closed, open_line(code="HN", start=LATER), line):
        with pytest.raises(refusals.NoLineToJoin):
            winning_back.ask_back(manager, line.pk, wrong.pk)


def test_the_host_ticks_off_what_they_sent_once(line, manager):
    seated(line, 2)
    live_until(local(17, 12))
    winning_back.ask_back(manager, line.pk, open_line(start=LATER).pk)
    host = Actor(Role.MEMBER, line.host_id)
    assert winning_back.to_send(host, [line.pk]) == {line.pk: 2}
    row = WinBack.objects.first()
    for _ in range(2):
        winning_back.mark_sent(host, row.pk)
    assert winning_back.to_send(host, [line.pk]) == {line.pk: 1}
    stranger = Actor(Role.MEMBER, people(1)[0])
    with pytest.raises(Line.DoesNotExist):
        winning_back.mark_sent(stranger, row.pk)
    assert winning_back.to_send(stranger, [line.pk]) == {}


def test_who_takes_consent_back_is_off_the_list(line, manager):
    (member,) = seated(line, 1)
    live_until(local(17, 12))
    winning_back.ask_back(manager, line.pk, open_line(start=LATER).pk)
    members.withdraw_consent(SYSTEM, member)
    assert winning_back.to_send(Actor(Role.MEMBER, line.host_id), [line.pk]) == {}


def test_two_who_ask_at_once_ask_each_person_once(line, manager):
    other = open_line()
    both = seated(line, 3)
    actions.join(SYSTEM, Invitation.objects.get(line=other).pk, both)
    live_until(local(17, 12))
    new = open_line(start=LATER)
    answers = together(
        *(lambda n=n: winning_back.ask_back(manager, n, new.pk) for n in (line.pk, other.pk))
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NobodyToAsk", "int"]
    assert sorted(WinBack.objects.values_list("member_id", flat=True)) == both


def test_only_who_runs_lines_asks(line):
    for actor in (Actor(Role.AUDITOR, 1), Actor(Role.MEMBER, line.host_id)):
        with pytest.raises(NotAllowed):
            winning_back.ask_back(actor, line.pk, line.pk)
    assert winning_back.to_ask(line.pk) == []
    assert schedule.called([line.pk]) == set()
