"""Everybody at once: five hundred open a link, all answer a call, tap a packet, spend a budget."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from loop28.back.finance import queries as budgets
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.front.lines import beats
from loop28.front.lines import seats as line_seats
from loop28.front.lines.models import Beat, BeatState, Enrollment, OptIn
from loop28.front.packets import actions as packets
from loop28.front.packets.actions import Claimed, Opened
from loop28.front.packets.models import Packet, Share
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.models import Entitlement
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.gather import Gate
from loop28.middle.members.actions import NewMember
from loop28.middle.members.models import Member
from loop28.middle.members.refusals import AdultsOnly
from tests.hold.kit import assert_books_are_exact, in_between, own_time, packet_beat
from tests.line_kit import group, invitation, live_until, local, open_line, people, says, seated
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)

# Generous, because a test machine may be busy; `bench` measures.
PATIENCE = 30


@pytest.fixture(autouse=True)
def moved(clock):
    """The clock stands still unless a test moves it."""
    return clock


def rush(calls):
    """Make hundreds of calls in one instant; nobody waits too long, and the books stay exact."""
    started = time.monotonic()
    answers = together(*calls)
    assert time.monotonic() - started < PATIENCE
    assert_books_are_exact()
    return answers


def errors(answers):
    return [answer for answer in answers if isinstance(answer, Exception)]


def strangers(line, count, *, child=None):
    door = invitation(line)
    return [
        lines.Newcomer(door, NewMember(name=f"新人{n}", adult=n != child, consent=True))
        for n in range(count)
    ]


def door(limit=200):
    return Gate(lambda comers: lines.welcome(SYSTEM, comers), limit=limit)


class TestTheDoor:
    def test_500_joins_on_one_link_fill_exactly_the_seats_and_everybody_is_answered(self):
        line, gate = open_line(size=400), door()
        comers = strangers(line, 500)
        answers = rush([lambda comer=comer: gate.pass_through(comer) for comer in comers])
        assert Counter(state for _, state in answers) == {"joined": 400, "waiting": 100}
        assert dict(answers) == dict(Enrollment.objects.values_list("member", "state"))
        names = dict(Member.objects.values_list("id", "name"))
        assert [names[member] for member, _ in answers] == [c.person.name for c in comers]
        inside = group_queries.present(group(line), [member for member, _ in answers])
        assert inside == {member for member, state in answers if state == "joined"}
        waiting = Enrollment.objects.filter(state="waiting")
        assert sorted(map(line_seats.place_in_queue, waiting)) == list(range(1, 101))

    def test_two_processes_and_forms_sent_three_times_make_one_person_each(self):
        line, gates = open_line(size=30), [door(limit=7), door(limit=7)]
        comers = strangers(line, 40)
        calls = [
            lambda gate=gate, comer=comer: gate.pass_through(comer)
            for gate in [*gates, gates[0]]
            for comer in comers
        ]
        answers = rush(calls)
        assert answers[:40] == answers[40:80] == answers[80:]
        assert Counter(state for _, state in answers[:40]) == {"joined": 30, "waiting": 10}
        assert Member.objects.count() == 41

    def test_one_who_is_refused_takes_nobody_with_them(self):
        line, gate = open_line(size=100), door()
        comers = strangers(line, 40, child=17)
        answers = rush([lambda comer=comer: gate.pass_through(comer) for comer in comers])
        assert isinstance(answers.pop(17), AdultsOnly)
        assert {state for _, state in answers} == {"joined"}
        assert Member.objects.count() == 40

    def test_no_seat_stays_free_while_people_leave_come_and_come_back(self):
        line = open_line(size=10)
        first, comers = seated(line, 10), people(10)
        way_in = invitation(line)
        answers = rush(
            [
                *(lambda m=m: lines.leave(SYSTEM, line.pk, m) for m in first[:5]),
                *(lambda m=m: lines.join(SYSTEM, way_in, [m]) for m in comers + first[:5]),
            ]
        )
        assert errors(answers) == []
        seats = set(line_seats.seated(line.pk))
        assert len(seats) == 10
        assert seats >= set(first[5:])
        assert group_queries.present(group(line), first + comers) == seats

    @pytest.mark.parametrize("other", ["leaves too", "comes"])
    def test_no_seat_stays_free_when_another_acts_while_somebody_leaves(self, other):
        line = open_line(size=4)
        one, two, *_ = seated(line, 6 if other == "leaves too" else 4)
        (comer,) = people(1)

        def act():
            if other == "leaves too":
                lines.leave(SYSTEM, line.pk, two)
            else:
                lines.join(SYSTEM, invitation(line), [comer])

        # The one who leaves stands still when it is clear who moves up.
        in_between(lambda: lines.leave(SYSTEM, line.pk, one), 'ORDER BY "lines_enrollment"', act)
        assert len(line_seats.seated(line.pk)) == 4
        assert not Enrollment.objects.filter(state="waiting").exists()


class TestTheCall:
    def test_all_answer_at_once_by_text_and_by_button_and_each_counts_once(self):
        line = open_line(size=200)
        members = seated(line, 120)
        live_until(local(2, 20, 1))
        mouth: Gate[Incoming, int] = Gate(lambda said: [groups.receive(SYSTEM, said)] * len(said))
        writing, pressing = members[:80], members[40:120:4]

        def write(member):
            return mouth.pass_through(says(line, member, "打1", local(2, 20, 1)))

        def press(member):
            return lines.opt_in(Actor(Role.MEMBER, member), line.pk)

        answers = rush(
            [
                *(lambda m=m: write(m) for m in writing),
                *(lambda m=m: press(m) for m in pressing),
            ]
        )
        assert errors(answers) == []
        assert line_seats.passed(line.pk) == sorted({*writing, *pressing})
        assert OptIn.objects.count() == len({*writing, *pressing})
        assert group_queries.present(group(line, 2), members) == {*writing, *pressing}
        assert Message.objects.filter(group=group(line), member__in=members).count() == 80


class TestOnePacket:
    def test_300_people_who_tap_twice_get_exactly_its_100_shares(self):
        line = open_line(size=400)
        members = seated(line, 300)
        beat = packet_beat(line, "big", local(1, 8), total=20_000, shares=100)
        live_until(local(1, 8))
        webs: list[Gate[int, Claimed]] = [
            Gate(lambda tapping: packets.claim(SYSTEM, beat.pk, tapping)) for _ in range(2)
        ]
        answers = rush([lambda m=m, web=web: web.pass_through(m) for web in webs for m in members])
        shares = dict(Share.objects.exclude(member=None).values_list("member", "fen"))
        assert (len(shares), sum(shares.values())) == (100, 20_000)
        for member, *taps in zip(members, answers[:300], answers[300:], strict=True):
            assert [tap.fen for tap in taps] == [shares.get(member)] * 2
            outcomes = sorted(tap.outcome for tap in taps)
            won = [Opened.BEFORE, Opened.NOW]
            assert outcomes == (won if member in shares else [Opened.GONE] * 2)

    def test_whoever_taps_in_its_last_instant_is_paid_or_refused_and_the_rest_goes_back(self):
        line = open_line(budget_fen=100_000)
        members = seated(line, 8)
        beats_ = [packet_beat(line, f"p{n}", local(1, 8), expires=60) for n in range(6)]
        live_until(local(1, 8))
        last = local(1, 8, 1)
        with own_time(last):
            assert packets.expire_due(SYSTEM) == 0  # the last instant is the members'

        def tap(beat, member):
            with own_time(last):
                return packets.claim(SYSTEM, beat.pk, [member])[0]

        def expire():
            with own_time(last + timedelta(milliseconds=1)):
                return packets.expire_due(SYSTEM)

        answers = rush(
            [
                *(lambda b=b, m=m: tap(b, m) for b in beats_ for m in members[:4]),
                *[expire] * 3,
                *(lambda b=b, m=m: tap(b, m) for b in beats_ for m in members[4:]),
            ]
        )
        assert errors(answers) == []
        claims = [answer for answer in answers if not isinstance(answer, int)]
        claimed = sum(claim.fen or 0 for claim in claims)
        assert {c.outcome for c in claims} <= {Opened.NOW, Opened.GONE}
        with own_time(last + timedelta(milliseconds=2)):
            packets.expire_due(SYSTEM)  # one that somebody held was left to the next look
        assert all(p.closed_at for p in Packet.objects.all())
        assert budgets.budget_left(SYSTEM, [line.pk])[line.pk] == 100_000 - claimed
        assert_books_are_exact()


class TestOneBudget:
    def test_two_packets_at_the_same_moment_use_up_a_budget_and_one_fails(self):
        for round_ in range(4):
            line = open_line(budget_fen=1500, code=f"R{round_}")
            both = [packet_beat(line, f"p{n}", local(1, 8)) for n in range(2)]
            answers = rush([lambda b=b: packets.issue(SYSTEM, [b]) for b in both])
            assert errors(answers) == []
            assert Packet.objects.filter(line=line).count() == 1
            failed = Beat.objects.get(line=line, state=BeatState.FAILED)
            assert failed.outcome == {"code": "budget-empty"}
            assert budgets.budget_left(SYSTEM, [line.pk]) == {line.pk: 500}

    def test_packets_of_one_instant_are_issued_in_order_as_far_as_the_budget_goes(self, moved):
        line = open_line(budget_fen=7500)
        due = [packet_beat(line, f"p{n}", local(1, 8), total=1000) for n in range(10)]
        moved(local(1, 8))
        rush([lambda: beats.fire_due(SYSTEM)] * 2)
        states = list(Beat.objects.filter(id__in=[b.pk for b in due]).order_by("id"))
        assert [beat.state for beat in states] == ["done"] * 7 + ["failed"] * 3
        assert budgets.budget_left(SYSTEM, [line.pk]) == {line.pk: 500}

    def test_packets_and_rewards_that_want_more_than_there_is_leave_nobody_unpaid(self, moved):
        line = open_line(budget_fen=2000)
        members = seated(line, 30)
        due = [packet_beat(line, f"p{n}", local(1, 8), total=800) for n in range(2)]
        grants = [rewards.Grant(f"t:{m}", line.pk, m, "money", 50) for m in members]
        rush(
            [
                *(lambda b=b: packets.issue(SYSTEM, [b]) for b in due),
                *(lambda g=g: rewards.grant(SYSTEM, [g]) for g in grants),
            ]
        )
        issued = sum(Packet.objects.values_list("total", flat=True))
        paid = Entitlement.objects.filter(state="settled").count()
        left = budgets.budget_left(SYSTEM, [line.pk])[line.pk]
        assert issued + 50 * paid + left == 2000
        assert left < 50 or paid == 30
        # What comes back from the packets pays those who had to wait.
        live_until(local(1, 11))
        wallets = ledger.balances(SYSTEM, [accounts.wallet(m) for m in members])
        assert set(wallets.values()) == {50}

    def test_20_packets_of_500_shares_due_at_one_instant_are_all_issued(self, moved):
        of = [open_line(budget_fen=200_000, code=f"R{n}") for n in range(20)]
        due = [packet_beat(line, "big", local(1, 8), total=100_000, shares=500) for line in of]
        moved(local(1, 8))
        started = time.monotonic()
        assert beats.fire_due(SYSTEM) == 20
        assert time.monotonic() - started < PATIENCE
        assert Packet.objects.filter(issued_at=local(1, 8)).count() == 20
        assert Share.objects.count() == 20 * 500
        assert Message.objects.filter(kind="packet").count() == 20
        assert Beat.objects.filter(id__in=[b.pk for b in due], state="done").count() == 20
        assert_books_are_exact()
