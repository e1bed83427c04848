"""Time that jumps, stands still or runs apart: nothing twice, nothing lost, the same for all."""

from datetime import timedelta

import pytest

from loop28.back.finance import queries as budgets
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import Message
from loop28.front.ladder.models import Graduate
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, refusals
from loop28.front.lines import seats as line_seats
from loop28.front.lines.models import Beat, Enrollment, OptIn, Phase
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.playbooks import actions as playbooks
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.front.tasks import kit
from tests.hold.kit import assert_books_are_exact, in_between, own_time
from tests.line_kit import (
    SMALL,
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
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
INSTANT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def moved(clock):
    return clock


def own(member):
    return Actor(Role.MEMBER, member)


def wallet(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


class TestAClockSetBack:
    def test_repeats_nothing_and_pays_nothing_twice(self, moved):
        line = open_line()
        one, two = seated(line, 2)
        live_until(local(1, 12, 31))
        packet = Packet.objects.get()
        (share,) = packets.claim(SYSTEM, packet.pk, [one])
        moved(local(1, 8))  # four hours back, to before the packet was issued
        run_due(local(1, 8))
        assert packets.claim(SYSTEM, packet.pk, [one])[0].fen == share.fen
        live_until(local(1, 12, 40))
        packets.claim(SYSTEM, packet.pk, [two])
        live_until(local(2, 20, 5))
        groups.receive(SYSTEM, [says(line, one, "1", local(2, 20, 5))])
        moved(local(2, 12))  # back over a packet's expiry and over the call
        run_due(local(2, 12))
        live_until(local(3, 9))
        assert kit.check_in(own(one), line.pk).counted == 1
        moved(local(3, 8))
        assert kit.check_in(own(one), line.pk).counted == 1
        live_until(local(5, 21))

        fired = Entry.objects.filter(kind="BeatDue").values_list("data__beat", flat=True)
        assert len(fired) == len(set(fired)) == Beat.objects.filter(by_host=False).count()
        assert Entry.objects.filter(kind="PacketClosed").count() == 4
        assert OptIn.objects.get().member_id == one
        claimed = Packet.objects.get(pk=packet.pk).taken_fen
        assert wallet(one) + wallet(two) == claimed + 50
        assert Graduate.objects.get().member_id == one
        assert budgets.budget_left(SYSTEM, [line.pk]) == {line.pk: 100_000 - claimed - 50}
        assert_books_are_exact()

    def test_ends_no_hold_early_and_takes_nothing_back_that_was_released(self, moved):
        line = open_line()
        (seller,) = seated(line, 1)
        live_until(local(2, 20, 1))
        lines.let_in(SYSTEM, line.pk, [seller])
        live_until(local(5, 9))
        sale = ReportedOrder(
            shop="s", external_id="1", member=seller, fen=2990, paid_at=local(5, 9)
        )
        orders.report(SYSTEM, [sale])
        live_until(local(12, 8, 59))
        assert wallet(seller) == 0
        moved(local(8, 0))
        run_due(local(8, 0))
        assert wallet(seller) == 0
        live_until(local(12, 9))
        assert wallet(seller) == 500
        moved(local(6, 0))
        run_due(local(6, 0))
        assert wallet(seller) == 500
        assert_books_are_exact()


class TestTwoDaysOfDowntime:
    def test_over_packets_call_and_close_lose_no_money_and_nobodys_chance(self, moved):
        line = open_line()
        members = seated(line, 4)
        live_until(local(1, 12, 30))
        packet = Packet.objects.get()
        claims = packets.claim(SYSTEM, packet.pk, members[:2])
        moved(local(3, 12, 40))
        run_due(local(3, 12, 40))
        packet.refresh_from_db()
        claimed = sum(claim.fen for claim in claims)
        assert packet.returned_fen == 1000 - claimed
        states = dict(Beat.objects.filter(line=line, part=0).values_list("key", "state"))
        late = {key: states[key] for key in ("d1-talk", "d2-packet", "d2-evening", "d2-call")}
        assert late == {
            "d1-talk": "done",
            "d2-packet": "skipped",
            "d2-evening": "skipped",
            "d2-call": "done",
        }
        # The call is two days late and keeps its three hours; whoever answers now has passed.
        groups.receive(SYSTEM, [says(line, members[0], "打1", local(3, 12, 45))])
        live_until(local(3, 15, 40))
        lines.opt_in(own(members[1]), line.pk)
        live_until(local(3, 15, 41))
        assert line_seats.passed(line.pk) == members[:2]
        assert Phase.objects.get(line=line, number=1).closed_at
        assert Assignment.objects.filter(task="checkin").count() == 2
        # The packet of this noon waited behind the call, and then was too late by its own word.
        assert Beat.objects.get(line=line, key="d3-packet").state == "skipped"
        live_until(local(5, 22))
        assert set(Beat.objects.filter(by_host=False).values_list("state", flat=True)) == {
            "done",
            "skipped",
        }
        assert Graduate.objects.count() == 2
        assert_books_are_exact()

    def test_over_the_end_of_the_line_still_graduates_it_in_order(self, moved):
        line = open_line()
        (member,) = seated(line, 1)
        live_until(local(2, 20, 1))
        lines.let_in(SYSTEM, line.pk, [member])
        live_until(local(4, 0))
        moved(local(6, 9))
        run_due(local(6, 9))
        line.refresh_from_db()
        assert line.ended_at == local(6, 9)
        last = Entry.objects.filter(line=line.pk).order_by("-id").values_list("kind", flat=True)
        assert list(last[:2]) == ["Graduated", "TasksOpened"]
        assert Graduate.objects.get().member_id == member
        said = Message.objects.filter(group=group(line, 2)).order_by("id")
        assert said.last().external_id == f"graduation:{line.pk}"

    def test_over_a_close_whose_playbook_says_skip_still_closes_it(self, moved):
        line = open_line()
        Beat.objects.filter(line=line, kind="close").update(grace=0)
        moved(local(8, 0))
        run_due(local(8, 0))
        live_until(local(8, 4))
        line.refresh_from_db()
        assert line.ended_at is not None


class TestTheSameInstant:
    """Two things at one moment, in both orders and at once: the answer does not depend on it."""

    @pytest.fixture
    def line(self):
        """A line whose warm-up closes in the very instant in which its call ends: 23:00."""
        text = SMALL.read_text().replace(
            'at: "23:30"\n    kind: close', 'at: "23:00"\n    kind: close'
        )
        line = lines.open_line(
            SYSTEM,
            region=region().pk,
            playbook=playbooks.publish(SYSTEM, text).pk,
            start_day=START,
            host=people(1, "店主")[0],
            size=20,
            budget_fen=100_000,
        )
        self.members = seated(line, 4)
        live_until(local(2, 22, 59))
        return line

    @pytest.mark.parametrize("order", ["opt-in first", "close first", "at once"])
    def test_an_opt_in_in_the_last_instant_counts_and_one_after_it_does_not(
        self, moved, line, order
    ):
        end = local(2, 23)
        in_time, too_late, pressing, _ = self.members
        moved(end)

        def answer():
            groups.receive(
                SYSTEM,
                [says(line, in_time, "1", end), says(line, too_late, "1", end + INSTANT)],
            )
            lines.opt_in(own(pressing), line.pk)

        def close():
            run_due(end)

        if order == "at once":
            assert together(answer, close) == [None, None]
        else:
            for act in (answer, close) if order == "opt-in first" else (close, answer):
                act()
        moved(end + timedelta(seconds=1))
        run_due(end + timedelta(seconds=1))
        assert line_seats.passed(line.pk) == sorted([in_time, pressing])
        assert set(OptIn.objects.values_list("at", flat=True)) == {end}
        assert Phase.objects.get(line=line, number=1).closed_at == end + timedelta(seconds=1)
        inside = group_queries.present(group(line, 2), self.members)
        assert inside == {in_time, pressing}
        live_until(local(3, 8, 30))
        assert Assignment.objects.filter(task="quiz").count() == 2

    @pytest.mark.parametrize("order", ["opt-in first", "close first", "at once"])
    def test_an_answer_that_arrives_after_the_close_counts_by_when_it_was_said(
        self, moved, line, order
    ):
        said_at, close_at = local(2, 22, 59, 59), local(2, 23, 0, 1)
        (member, *_) = self.members

        def answer():
            with own_time(close_at):
                groups.receive(SYSTEM, [says(line, member, "打1", said_at)])

        def close():
            with own_time(close_at):
                run_due(close_at)

        if order == "at once":
            assert together(answer, close) == [None, None]
        else:
            for act in (answer, close) if order == "opt-in first" else (close, answer):
                act()
        with own_time(close_at):
            run_due(close_at)
        assert line_seats.passed(line.pk) == [member]
        assert Phase.objects.get(line=line, number=1).closed_at == close_at

    @pytest.mark.parametrize(
        "order", ["open first", "let in first", "opening", "opening by hand", "letting in"]
    )
    def test_whoever_is_let_in_in_the_instant_in_which_tasks_open_gets_them_once(
        self, moved, line, order
    ):
        live_until(local(3, 8, 29))
        now = local(3, 8, 30)
        moved(now)

        def let_in():
            lines.let_in(SYSTEM, line.pk, self.members)

        def open_():
            beats.fire_due(SYSTEM)

        def open_by_hand():
            beats.do_by_hand(own(line.host_id), beat.pk)

        beat = Beat.objects.get(line=line, key="d3-tasks")
        if order == "opening by hand":
            Beat.objects.filter(id=beat.pk).update(by_host=True)
        match order:
            case "open first":
                open_(), let_in()
            case "let in first":
                let_in(), open_()
            case "opening":  # stands still when it has seen who passed
                in_between(open_, 'FROM "lines_enrollment"', let_in)
            case "opening by hand":
                in_between(open_by_hand, 'FROM "lines_enrollment"', let_in)
            case "letting in":  # stands still when it has seen that no tasks are open
                in_between(let_in, "'tasks'", open_)
        open_()  # a worker that met the other's lock looked away
        given = Assignment.objects.values_list("member", "task")
        assert len(given) == len(set(given)) == 4 * 3

    @pytest.mark.parametrize("order", ["join first", "close first", "at once"])
    def test_whoever_joins_in_the_instant_of_the_close_is_in_or_is_told(self, moved, line, order):
        after = local(2, 23, 0, 1)
        moved(after)
        (comer,) = people(1)
        told = []

        def join():
            try:
                lines.join(SYSTEM, invitation(line), [comer])
            except refusals.LineClosed:
                told.append(comer)

        def close():
            run_due(after)

        if order == "at once":
            assert together(join, close) == [None, None]
        else:
            for act in (join, close) if order == "join first" else (close, join):
                act()
        run_due(after)
        seats = Enrollment.objects.filter(line=line, member=comer, state="joined").count()
        assert (seats, len(told)) in {(1, 0), (0, 1)}
        assert Phase.objects.get(line=line, number=1).closed_at == after

    @pytest.mark.parametrize("order", ["sale first", "close first", "at once"])
    def test_a_sale_in_the_instant_of_graduation_makes_an_owner(self, moved, line, order):
        seller, *_ = self.members
        lines.let_in(SYSTEM, line.pk, [seller])
        live_until(local(3, 9))
        kit.check_in(own(seller), line.pk)
        quiz = Assignment.objects.get(task="quiz")
        tasks.answer_quiz(own(seller), quiz.pk, [2])
        end = local(5, 20, 30)
        Beat.objects.filter(line=line, key="d5-close").update(due_at=end)
        live_until(end - timedelta(seconds=1))
        moved(end)
        sale = ReportedOrder(shop="s", external_id="1", member=seller, fen=2990, paid_at=end)

        def sell():
            orders.report(SYSTEM, [sale])

        def graduate():
            run_due(end)

        if order == "at once":
            assert together(sell, graduate) == [None, None]
        else:
            for act in (sell, graduate) if order == "sale first" else (graduate, sell):
                act()
        run_due(end)
        assert Assignment.objects.get(task="first-order").done_at == end
        promoted = Entry.objects.filter(kind="Promoted").values_list("data__level", flat=True)
        assert list(promoted) == ["owner"]
        assert_books_are_exact()
