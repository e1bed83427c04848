"""A line is opened, filled, left, screened; its beats fire once and in order."""

from datetime import timedelta

import pytest

from loop28.back.finance import queries as finance
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import Group, Message
from loop28.front.lines import actions, beats, queries, refusals, schedule, seats
from loop28.front.lines.models import Beat, BeatState, Enrollment, Line, OptIn
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from tests.line_kit import (
    START,
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


class TestOpening:
    def test_compiles_the_calendar_makes_the_groups_and_funds_the_budget(self):
        line = open_line(budget_fen=20_000)
        assert line.code == "HD-260302"
        assert [p.name for p in queries.phases(line.pk)] == ["两天相识", "三天训练营"]
        calendar = schedule.calendar(SYSTEM, line.pk)
        assert calendar[0].due_at == local(1, 9)
        assert len([b for b in calendar if b.key == "d1-talk"]) == 7
        assert [b.grace for b in calendar if b.key in {"d1-hello", "d2-packet", "d1-packet"}] == [
            None,
            3600,
            0,
        ]
        assert finance.budget_left(SYSTEM, [line.pk]) == {line.pk: 20_000}

    def test_the_same_host_and_day_again_is_refused_and_leaves_nothing(self):
        line = open_line()
        with pytest.raises(refusals.HostIsBusy):
            actions.open_line(SYSTEM, **_terms(line))
        assert Line.objects.count() == 1
        assert Group.objects.count() == 2

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"start_day": START - timedelta(days=2)}, refusals.StartsInThePast),
            ({"size": 501}, refusals.SizeOutOfRange),
            ({"size": 1}, refusals.SizeOutOfRange),
            ({"budget_fen": 0}, refusals.BudgetMissing),
        ],
    )
    def test_terms_that_cannot_be_are_refused_by_field(self, change, refusal):
        line = open_line()
        terms = _terms(line) | {"host": people(1)[0]} | change
        with pytest.raises(refusal) as no:
            actions.open_line(SYSTEM, **terms)
        assert no.value.field

    def test_a_manager_opens_lines_in_their_own_region_only(self):
        line = open_line()
        terms = _terms(line) | {"host": people(1)[0]}
        with pytest.raises(NotAllowed):
            actions.open_line(Actor(Role.REGION_MANAGER, 1, region("HN").pk), **terms)
        with pytest.raises(NotAllowed):
            actions.open_line(Actor(Role.FINANCE, 1), **terms)


class TestSeats:
    def test_who_finds_the_line_full_waits_and_moves_up_in_order(self):
        line = open_line(size=2)
        first, second, third, fourth = people(4)
        states = actions.join(SYSTEM, invitation(line), [first, second, third, fourth])
        assert states == {first: "joined", second: "joined", third: "waiting", fourth: "waiting"}
        actions.leave(SYSTEM, line.pk, first)
        assert seats.seated(line.pk) == [second, third]
        assert group_queries.present(group(line), [first, second, third]) == {second, third}

    def test_who_left_comes_back_with_their_history(self):
        line = open_line()
        (member,) = seated(line, 1)
        enrollment = Enrollment.objects.get(line=line, member_id=member)
        actions.leave(SYSTEM, line.pk, member)
        assert actions.join(SYSTEM, invitation(line), [member]) == {member: "joined"}
        assert Enrollment.objects.get(line=line, member_id=member).pk == enrollment.pk
        assert group_queries.present(group(line), [member]) == {member}

    def test_who_comes_back_to_a_full_line_waits_behind_the_others(self):
        line = open_line(size=2)
        first, second, third = people(3)
        actions.join(SYSTEM, invitation(line), [first, second, third])
        actions.leave(SYSTEM, line.pk, first)
        assert actions.join(SYSTEM, invitation(line), [first]) == {first: "waiting"}
        actions.leave(SYSTEM, line.pk, second)
        assert seats.seated(line.pk) == [first, third]

    def test_joining_twice_is_joining_once(self):
        line = open_line()
        (member,) = people(1)
        for _ in range(2):
            actions.join(SYSTEM, invitation(line), [member, member])
        assert seats.head_counts([line.pk])[line.pk]["seated"] == 1

    def test_nobody_joins_after_the_first_phase(self):
        line = open_line()
        live_until(local(3, 0))
        with pytest.raises(refusals.LineClosed):
            actions.join(SYSTEM, invitation(line), people(1))

    def test_who_was_never_there_cannot_leave(self):
        line = open_line()
        with pytest.raises(refusals.NotInLine):
            actions.leave(SYSTEM, line.pk, people(1)[0])


class TestBeats:
    def test_fire_in_order_and_once(self, at):
        line = open_line()
        live_until(local(1, 23))
        said = list(Message.objects.filter(group=group(line)).order_by("id"))
        assert [m.kind for m in said] == ["text", "packet", *["talk"] * 7]
        at(local(1, 23, 1))
        assert beats.fire_due(SYSTEM) == 0

    def test_a_clock_set_back_repeats_nothing(self, at):
        open_line()
        live_until(local(1, 13))
        at(local(1, 8))
        assert beats.fire_due(SYSTEM) == 0
        live_until(local(1, 13))
        assert Message.objects.filter(kind="packet").count() == 1

    def test_after_two_days_of_downtime_each_does_what_its_lateness_says(self, at):
        line = open_line()
        seated(line, 2)
        at(local(3, 9))
        while beats.fire_due(SYSTEM):
            pass
        states = dict(Beat.objects.filter(line=line, part=0).values_list("key", "state"))
        assert states["d1-hello"] == BeatState.DONE  # always
        assert states["d1-packet"] == BeatState.SKIPPED  # within an hour
        assert states["d2-packet"] == BeatState.SKIPPED  # skip
        assert states["d2-evening"] == BeatState.SKIPPED  # the host's, within an hour
        assert states["d2-call"] == BeatState.DONE
        assert states["d2-close"] == BeatState.PLANNED  # the call gets its whole window
        assert states["d3-tasks"] == BeatState.PLANNED  # and what follows waits in order
        live_until(local(3, 13))
        states = dict(Beat.objects.filter(line=line, part=0).values_list("key", "state"))
        assert states["d2-close"] == BeatState.DONE
        assert states["d3-tasks"] == BeatState.DONE

    def test_the_hosts_beats_wait_for_the_host(self, at):
        line = open_line()
        live_until(local(2, 19, 30))
        beat = Beat.objects.get(line=line, key="d2-evening")
        assert beat.state == BeatState.PLANNED
        host = Actor(Role.MEMBER, line.host_id)
        beats.do_by_hand(host, beat.pk, "今晚八点见")
        said = Message.objects.get(text="今晚八点见")
        assert said.as_host
        with pytest.raises(refusals.BeatNotByHand):
            beats.do_by_hand(host, beat.pk)
        (other,) = people(1)
        with pytest.raises(Line.DoesNotExist):
            beats.do_by_hand(Actor(Role.MEMBER, other), beat.pk)

    def test_an_automatic_beat_is_not_done_by_hand(self):
        line = open_line()
        beat = Beat.objects.get(line=line, key="d1-hello")
        with pytest.raises(refusals.BeatNotByHand):
            beats.do_by_hand(SYSTEM, beat.pk)


class TestScreening:
    @pytest.fixture
    def line(self):
        line = open_line()
        self.members = seated(line, 4)
        live_until(local(2, 20))
        return line

    def test_a_1_in_the_group_lets_in_at_once_and_once(self, line, at):
        member = self.members[0]
        one = says(line, member, "打1", local(2, 20, 5))
        again = says(line, member, "1", local(2, 20, 6))
        groups.receive(SYSTEM, [one])
        groups.receive(SYSTEM, [again, one])
        opt_in = OptIn.objects.get(line=line)
        assert (opt_in.member_id, opt_in.via) == (member, "text")
        assert opt_in.at == local(2, 20, 5)
        assert opt_in.message == Message.objects.get(text="打1").pk
        assert group_queries.present(group(line, 2), self.members) == {member}

    def test_the_button_after_the_text_changes_nothing(self, line):
        member = self.members[0]
        groups.receive(SYSTEM, [says(line, member, "1", local(2, 20))])
        actions.opt_in(Actor(Role.MEMBER, member), line.pk)
        assert OptIn.objects.get(line=line).via == "text"

    def test_it_counts_by_when_it_was_said_the_last_instant_included(self, line, at):
        first, second, third, _ = self.members
        at(local(2, 23, 15))
        groups.receive(
            SYSTEM,
            [
                says(line, first, "1", local(2, 23)),
                says(line, second, "1", local(2, 23) + timedelta(microseconds=1)),
                says(line, third, "1", local(2, 19, 59, 59)),
            ],
        )
        assert seats.passed(line.pk) == [first]

    def test_who_passed_can_be_asked_for_among_some(self, line):
        first, second, third, _ = self.members
        groups.receive(SYSTEM, [says(line, m, "1", local(2, 20)) for m in (first, second)])
        assert actions.hold_passed(SYSTEM, [line.pk]) == {line.pk: [first, second]}
        assert actions.hold_passed(SYSTEM, [line.pk], [second, third]) == {line.pk: [second]}
        assert seats.passed_among([line.pk], [second, third]) == {line.pk: {second}}

    def test_who_stayed_behind_is_known_when_the_phase_is_over(self, line):
        groups.receive(SYSTEM, [says(line, self.members[0], "1", local(2, 20))])
        for still_open in (local(2, 20, 30), local(2, 23, 20)):
            live_until(still_open)
            assert seats.stayed_behind(line.pk, still_open) is None
        live_until(local(3, 0))
        assert seats.stayed_behind(line.pk, local(3, 0)) == self.members[1:]

    def test_the_button_is_refused_when_no_call_is_open(self, line, at):
        at(local(2, 23, 1))
        with pytest.raises(refusals.NoCallOpen):
            actions.opt_in(Actor(Role.MEMBER, self.members[0]), line.pk)

    def test_neither_the_host_nor_a_stranger_opts_in(self, line):
        (stranger,) = people(1)
        actions.join(SYSTEM, invitation(line), [line.host_id])
        groups.receive(
            SYSTEM,
            [
                says(line, line.host_id, "打1", local(2, 20, 1)),
                says(line, stranger, "1", local(2, 20, 1)),
            ],
        )
        assert not OptIn.objects.exists()
        with pytest.raises(refusals.NotInLine):
            actions.opt_in(Actor(Role.MEMBER, stranger), line.pk)

    def test_who_left_and_who_waits_pass_by_no_answer(self, line):
        gone, *_, last = self.members
        line.size = len(self.members) - 1  # somebody made the line smaller: nobody moves up
        line.save()
        actions.leave(SYSTEM, line.pk, gone)
        waiting = people(1)
        actions.join(SYSTEM, invitation(line), waiting)
        both = [gone, *waiting]
        groups.receive(SYSTEM, [says(line, m, "1", local(2, 20, 1)) for m in [*both, last]])
        assert actions.let_in(SYSTEM, line.pk, both) == []
        assert seats.passed(line.pk) == [last]
        actions.leave(SYSTEM, line.pk, last)
        assert (seats.passed(line.pk), OptIn.objects.get().member_id) == ([], last)

    def test_the_operator_lets_in_after_the_call_and_an_outsider_does_not(self, line, at):
        live_until(local(3, 10))
        chosen = self.members[:2]
        host = Actor(Role.MEMBER, line.host_id)
        assert actions.let_in(host, line.pk, chosen[::-1]) == chosen
        assert actions.let_in(host, line.pk, chosen) == []
        assert set(OptIn.objects.values_list("via", flat=True)) == {"operator"}
        manager = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
        with pytest.raises(Line.DoesNotExist):
            actions.let_in(manager, line.pk, [self.members[2]])

    def test_where_nobody_is_called_who_is_let_in_by_hand_enters_the_second_group(self, line):
        Beat.objects.filter(line=line, kind="call").delete()
        actions.let_in(SYSTEM, line.pk, self.members[:1])
        assert group_queries.present(group(line, 2), self.members) == {self.members[0]}
        assert seats.passed(line.pk) == self.members

    def test_the_pass_rate_stands_by_inviter_and_tier(self, line):
        groups.receive(SYSTEM, [says(line, self.members[0], "1", local(2, 20))])
        assert seats.passing_by_inviter(SYSTEM, line.pk) == [(line.host_id, 4, 1)]
        assert seats.passing_by_tier(SYSTEM, line.pk) == [(None, 4, 1)]

    def test_the_first_answer_counts_whatever_comes_in_first(self, line):
        batch = [
            says(line, m, "1", local(2, 20, n + later))
            for n, m in enumerate(self.members)
            for later in (0, 10)
        ]
        groups.receive(SYSTEM, list(reversed(batch)))
        groups.receive(SYSTEM, batch)
        assert seats.passed(line.pk) == sorted(self.members)
        assert {o.at for o in OptIn.objects.all()} == {local(2, 20, n) for n in range(4)}


def _terms(line):
    return {
        "region": line.region_id,
        "playbook": line.playbook_id,
        "start_day": line.start_day,
        "host": line.host_id,
        "size": 20,
        "budget_fen": 100,
    }
