"""What is wrong is named once, with its line and its cause, and nothing else is."""

from datetime import timedelta

import pytest

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Strength
from loop28.back.finance import actions as finance
from loop28.front.groups.models import Outgoing
from loop28.front.ladder.models import Appeal, Promotion
from loop28.front.lines.models import Beat, Line
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.insight.metrics.overview import overview
from loop28.insight.metrics.red import Cause, Red
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import group, live_until, local, open_line, seated

pytestmark = pytest.mark.django_db


def _reds(actor: Actor = SYSTEM) -> list[Red]:
    return overview(actor, clock.now()).reds


def _causes(actor: Actor = SYSTEM) -> list[Cause]:
    return [red.cause for red in _reds(actor)]


def test_a_line_on_time_with_money_is_not_red(at, line):
    seated(line, 20)
    live_until(local(2, 18))
    assert _reds() == []


def test_a_budget_too_small_for_the_packets_of_two_days_says_how_much_is_missing(at):
    line = open_line(budget_fen=1_500)
    seated(line, 20)
    at(local(0, 20))
    (red,) = _reds()
    assert (red.cause, red.line, red.fen) == (Cause.SHORT, line, 500)
    finance.fund(SYSTEM, line.pk, 500, "more", region_id=line.region_id)
    assert _reds() == []


def test_a_packet_that_failed_is_red_for_a_day(at):
    line = open_line(budget_fen=500)
    live_until(local(1, 12, 31))
    failed = Beat.objects.get(line=line, key="d1-packet")
    assert [(red.cause, red.beat) for red in _reds() if red.beat] == [(Cause.FAILED, failed)]
    at(local(2, 12, 31))
    assert Cause.FAILED not in _causes()


def test_beats_the_worker_did_not_do_are_red_after_a_minute(at, line):
    seated(line, 20)
    at(local(1, 9, 1))
    assert _causes() == []
    at(local(1, 9, 1) + timedelta(seconds=1))
    assert _causes() == [Cause.LATE]
    live_until(local(1, 9, 5))
    assert _causes() == []


def test_a_card_the_host_did_not_send_is_red_until_it_is_too_late_for_it(at, line):
    live_until(local(2, 19, 2))
    (red,) = _reds()
    assert (red.cause, red.count, red.since) == (Cause.CARDS, 1, local(2, 19))
    live_until(local(2, 20, 1))
    assert _causes() == []


def test_messages_that_do_not_leave_are_red(at, line):
    seated(line, 20)
    live_until(local(1, 8))
    late = {"group_id": group(line), "as_host": False, "kind": "text", "text": "…"}
    Outgoing.objects.create(key="a", planned_at=local(1, 7, 57), **late)
    Outgoing.objects.create(key="b", planned_at=local(1, 7, 59), **late)
    (red,) = _reds()
    assert (red.cause, red.count, red.since) == (Cause.STUCK, 1, local(1, 7, 57))


def test_an_empty_line_is_red_when_it_starts_within_two_days(at, line):
    seated(line, 11)
    (red,) = _reds()
    assert (red.cause, red.count) == (Cause.GAP, 9)
    seated(line, 1)
    assert _reds() == []
    Line.objects.update(start_day=line.start_day + timedelta(days=2), size=500)
    assert _reds() == []


def test_decisions_are_red_for_those_who_decide(at, line):
    (ann,) = seated(line, 20)[:1]
    Promotion.objects.create(
        member_id=ann, level="supervisor", line=line, state="proposed", proposed_at=clock.now()
    )
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get().pk, [ann])
    finance.ask_payout(Actor(Role.MEMBER, ann), 1, "Ann", "1", "k", adult=True)
    Appeal.objects.create(
        member_id=ann, decision="x", level="owner", line=line, at=clock.now(), text="为什么"
    )
    compliance.freeze(SYSTEM, [Finding(ann, "velocity", Strength.HOLD, {})])
    administrator, finances = Actor(Role.ADMINISTRATOR, 1), Actor(Role.FINANCE, 2)
    here, there = (Actor(Role.REGION_MANAGER, 3, r) for r in (line.region_id, line.region_id + 1))
    both = [Cause.PROPOSALS, Cause.APPEALS], [Cause.HOLDS, Cause.PAYOUTS]
    assert _causes(administrator) == both[0] + both[1]
    assert _causes(finances) == both[1]
    assert _causes(here) == both[0]
    assert _causes(there) == []


def test_a_line_that_is_over_is_never_red(at):
    open_line(budget_fen=500)
    live_until(local(5, 21, 1))
    assert _reds() == []
