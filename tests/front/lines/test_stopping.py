"""A running line is stopped, or gets another host."""

import pytest

from loop28.back.finance import queries as finance
from loop28.front.groups import actions as group_actions
from loop28.front.groups import queries as groups
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import replacing
from loop28.front.ladder.models import Graduate
from loop28.front.ladder.refusals import NotInPool
from loop28.front.lines import (
    actions,
    beats,
    course,
    queries,
    refusals,
    seats,
)
from loop28.front.lines.models import Invitation, Line, OptIn
from loop28.front.tasks import standstill
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.refusals import LineGoesOn
from loop28.insight import audit
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from tests.factories import staff
from tests.front.lines.course_kit import WHY, beat, said, states
from tests.front.tasks import kit
from tests.line_kit import (
    group,
    invitation,
    live_until,
    local,
    open_line,
    people,
    region,
    says,
    seated,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at")]


class TestStopping:
    def _stopped(self, manager) -> tuple[Line, list[int]]:
        line = open_line()
        comers = seated(line, 3)
        live_until(local(2, 21))
        actions.let_in(SYSTEM, line.pk, comers[:2])
        live_until(local(3, 10))
        course.stop(manager, line.pk, "对不起大家，这条线到此为止。", WHY)
        line.refresh_from_db()
        return line, comers

    def test_the_groups_hear_it_and_nothing_follows(self, manager):
        line, _ = self._stopped(manager)
        live_until(local(6, 1))
        assert said(line, 2)[-1] == "对不起大家，这条线到此为止。"
        assert said(line, 1)[-1] != said(line, 2)[-1]
        assert set(states(line, "d3-packet", "d5-close")) == {"skipped"}
        assert beat(line, "d5-close").outcome == {"code": "stopped"}
        assert not Graduate.objects.exists()
        assert (line.stopped_at, line.ended_at) == (local(3, 10), local(3, 10))

    def test_the_budget_goes_back_but_for_what_people_can_still_earn(self, manager):
        line, _ = self._stopped(manager)
        left = finance.budget_left(SYSTEM, [line.pk])[line.pk]
        assert left == 2 * (50 + 100)  # two people with a check-in and a quiz each
        assert Entry.objects.get(kind="LineGaveBack").data["fen"] == finance_given(100_000, line)
        assert audit.differences() == []

    def test_a_task_that_is_done_afterwards_is_paid(self, manager):
        line, (member, *_) = self._stopped(manager)
        kit.check_in(Actor(Role.MEMBER, member), line.pk)
        assert Assignment.objects.get(member_id=member, task="checkin").done_at
        assert finance.budget_left(SYSTEM, [line.pk])[line.pk] == 250

    def test_what_is_left_in_the_end_is_given_back_by_hand(self, manager):
        line, _ = self._stopped(manager)
        live_until(local(9, 1))
        assert standstill.give_back_rest(manager, line.pk, ()) > 0
        assert standstill.give_back_rest(manager, line.pk, ()) == 0
        assert finance.budget_left(SYSTEM, [line.pk])[line.pk] == 0
        assert audit.differences() == []

    def test_a_line_that_goes_on_keeps_its_budget(self, line, manager):
        with pytest.raises(LineGoesOn):
            standstill.give_back_rest(manager, line.pk, ())

    def test_nobody_comes_in_any_more_by_any_way(self, line, manager):
        (member,) = seated(line, 1)
        live_until(local(2, 20, 30))
        course.stop(manager, line.pk, "再见", WHY)
        with pytest.raises(refusals.LineClosed):
            actions.join(SYSTEM, invitation(line), people(1))
        with pytest.raises(refusals.NoCallOpen):
            actions.opt_in(Actor(Role.MEMBER, member), line.pk)
        assert actions.let_in(SYSTEM, line.pk, [member]) == []
        group_actions.receive(SYSTEM, [says(line, member, "1", local(2, 20, 30))])
        assert not OptIn.objects.exists()

    def test_a_stopped_line_is_over_for_every_mend(self, manager):
        line, _ = self._stopped(manager)
        for change in (
            lambda: course.pause(manager, line.pk, WHY),
            lambda: course.stop(manager, line.pk, "再见", WHY),
            lambda: course.hand_over(manager, line.pk, people(1)[0], WHY),
        ):
            with pytest.raises(refusals.LineIsOver):
                change()

    def test_a_stop_needs_words_for_the_people(self, line, manager):
        with pytest.raises(TextMissing) as no:
            course.stop(manager, line.pk, " ", WHY)
        assert no.value.field == "message"


def finance_given(funded: int, line: Line) -> int:
    """What went back of what a line was funded with."""
    return funded - finance.funded(SYSTEM, [line.pk])[line.pk]


class TestAnotherHost:
    def _pool(self, name: str = "接手的店主") -> int:
        (host,) = people(1, name)
        ladder.appoint(SYSTEM, host, "owner", "开过店")
        return host

    def test_cards_groups_and_an_invitation_are_theirs_and_the_former_is_shut_out(
        self, line, manager
    ):
        former, host = line.host_id, self._pool()
        live_until(local(2, 19, 10))
        replacing.replace_host(manager, line.pk, host, WHY)
        mine, theirs = Actor(Role.MEMBER, host), Actor(Role.MEMBER, former)
        assert [found.pk for found in queries.lines(mine)] == [line.pk]
        assert not queries.lines(theirs).exists()
        with pytest.raises(Line.DoesNotExist):
            beats.do_by_hand(theirs, beat(line, "d2-evening").pk)
        beats.do_by_hand(mine, beat(line, "d2-evening").pk)
        assert {p.group.host_id for p in queries.phases(line.pk)} == {host}
        assert groups.present(group(line), [former, host]) == {former, host}
        assert Invitation.objects.filter(line=line, inviter_id=host).exists()

    def test_both_are_told_and_who_brought_whom_stays(self, line, manager):
        host, comers = self._pool("李店主"), seated(line, 2)
        replacing.replace_host(manager, line.pk, host, WHY)
        assert "李店主" in said(line)[-1]
        assert "店主0" in said(line)[-1]
        assert WHY not in said(line)[-1]
        brought = {row.member_id: row.inviter_id for row in seats.enrollments(SYSTEM, line.pk)}
        assert brought == dict.fromkeys(comers, line.host_id)
        for who in (line.host_id, host):
            (mend,) = queries.handed_over(Actor(Role.MEMBER, who), local(0, 0))
            assert (mend.former_id, mend.host_id) == (line.host_id, host)

    def test_only_somebody_of_the_pool_may_host(self, line, manager):
        with pytest.raises(NotInPool):
            replacing.replace_host(manager, line.pk, people(1)[0], WHY)

    def test_nobody_hosts_two_lines_that_start_on_a_day_and_a_host_is_no_replacement(
        self, line, manager
    ):
        other = open_line()
        with pytest.raises(refusals.HostIsBusy):
            course.hand_over(manager, line.pk, other.host_id, WHY)
        with pytest.raises(refusals.SameHost):
            course.hand_over(manager, line.pk, line.host_id, WHY)

    def test_a_host_of_another_regions_pool_is_not_the_managers_to_choose(self, line):
        stranger = staff(Role.REGION_MANAGER, region("HN")).actor
        with pytest.raises((Line.DoesNotExist, NotInPool)):
            replacing.replace_host(stranger, line.pk, self._pool(), WHY)
