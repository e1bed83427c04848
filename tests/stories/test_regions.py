"""Two regions, each with its line: what happens in one does not exist in the other."""

import pytest

from loop28.back.finance import actions as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import Membership, Message
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import pool
from loop28.front.ladder import queries as levels
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, queries, schedule, seats
from loop28.front.lines.models import Beat, Line
from loop28.front.lines.refusals import NotInLine
from loop28.front.packets import actions as packets
from loop28.front.packets import queries as packet_queries
from loop28.front.packets.actions import Opened
from loop28.front.packets.models import Packet
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import queries as task_queries
from loop28.front.tasks.actions import CheckedIn
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, NotAllowed
from tests.front.tasks import kit
from tests.line_kit import START, group, live_until, local
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_regions_side_by_side_and_whoever_looks_over_the_fence():
    east, south = cast.region("HD"), cast.region("HN")
    eastern, southern = cast.open_line(east), cast.open_line(south)
    wu, yue = cast.come(eastern, "小吴", "小越"), cast.come(southern, "小粤", "小闽")
    _see_only_their_own(east, eastern, south, southern)
    _open_lines_only_at_home(east, south, eastern)
    _pay_only_their_own(eastern, southern, wu, yue)
    _screen_only_their_own(east, eastern, south, southern, wu, yue)
    _train_only_their_own(east, eastern, south, southern, wu, yue)
    _promote_only_their_own(east, eastern, south, southern, wu)
    for line, people in [(eastern, wu), (southern, yue)]:
        assert sum(cast.where_the_money_is(line, people).values()) == 20_000
    cast.assert_books_are_exact()


def _see_only_their_own(east, eastern, south, southern):
    for mine, line, other in [(east, eastern, southern), (south, southern, eastern)]:
        for who in (mine.manager, mine.host):
            assert [found.pk for found in queries.lines(who)] == [line.pk]
            with pytest.raises(Line.DoesNotExist):
                queries.run_by(who, other.pk)
            assert schedule.calendar(who, other.pk) == []
            assert not seats.enrollments(who, other.pk).exists()
            assert seats.invitations(who, other.pk) == []
            assert schedule.waiting_for_host(who, [other.pk]) == []
            assert group_queries.messages(who, group(other)) == []


def _open_lines_only_at_home(east, south, eastern):
    terms = {"playbook": eastern.playbook_id, "start_day": START, "size": 5, "budget_fen": 100}
    with pytest.raises(NotAllowed):
        lines.open_line(east.manager, region=south.number, host=south.host.id, **terms)
    with pytest.raises(NotAllowed):
        finance.fund(south.manager, eastern.pk, 100, "k", region_id=eastern.region_id)
    assert Line.objects.count() == 2


def _pay_only_their_own(eastern, southern, wu, yue):
    live_until(local(1, 12, 30))
    of = {line.pk: Packet.objects.get(line=line).pk for line in (eastern, southern)}
    with pytest.raises(Packet.DoesNotExist):
        packet_queries.packet(yue[0], of[eastern.pk])
    assert packets.claim(SYSTEM, of[eastern.pk], [yue[0].id])[0].outcome is Opened.OUTSIDE
    for line, people in [(eastern, wu), (southern, yue)]:
        packets.claim(SYSTEM, of[line.pk], [who.id for who in people])
    assert all(cast.wallet(who) for who in wu + yue)
    with pytest.raises(NotAllowed):
        ledger.balance(wu[0], accounts.wallet(yue[0].id))


def _screen_only_their_own(east, eastern, south, southern, wu, yue):
    live_until(local(2, 19, 1))
    card = Beat.objects.get(line=eastern, key="d2-evening")
    for stranger in (south.manager, south.host, wu[0]):
        with pytest.raises(Line.DoesNotExist):
            beats.do_by_hand(stranger, card.pk, "嘿")
    beats.do_by_hand(east.manager, card.pk)
    assert not Message.objects.filter(group=group(southern), text=card.payload["text"]).exists()
    live_until(local(2, 20, 1))
    with pytest.raises(NotInLine):
        lines.opt_in(yue[0], eastern.pk)
    with pytest.raises(Line.DoesNotExist):
        lines.let_in(south.manager, eastern.pk, [wu[0].id])
    # A "1" in one's own group counts there and nowhere else, whoever brings it.
    for who, line in [(wu[0], eastern), (yue[0], southern), (yue[1], southern)]:
        cast.say(who, line, "打1")
    cast.say(wu[1], southern, "打1")
    assert seats.passed(eastern.pk) == [wu[0].id]
    assert seats.passed(southern.pk) == [who.id for who in yue]


def _train_only_their_own(east, eastern, south, southern, wu, yue):
    live_until(local(3, 9))
    kit.check_in(wu[0], eastern.pk)
    assert kit.check_in(wu[0], southern.pk) == CheckedIn(0)
    foreign = cast.assignment(yue[0], southern, "quiz")
    with pytest.raises(Assignment.DoesNotExist):
        tasks.answer_quiz(wu[0], foreign.pk, [2])
    named = cast.assignment(wu[0], eastern, "name-shop")
    for stranger in (south.manager, south.host, yue[0]):
        with pytest.raises(Line.DoesNotExist):
            tasks.tick(stranger, [named.pk])
        assert task_queries.of_member(stranger, wu[0].id, eastern.pk) == []
        assert not rewards.of_member(stranger, wu[0].id).exists()
    tasks.tick(east.manager, [named.pk])
    assert task_queries.results(south.manager, eastern.pk) == []


def _promote_only_their_own(east, eastern, south, southern, wu):
    live_until(local(4, 9))
    tasks.answer_quiz(wu[0], cast.assignment(wu[0], eastern, "quiz").pk, [2])
    tasks.tick(east.host, [cast.assignment(wu[0], eastern, "own-words").pk])
    cast.share(wu[0], eastern, 1)
    live_until(local(5, 9))
    cast.sell(wu[0], 1, 2)
    live_until(local(5, 21))
    (proposal,) = levels.proposals(east.manager)
    assert not levels.proposals(south.manager).exists()
    with pytest.raises(Promotion.DoesNotExist):
        ladder.decide(south.manager, proposal.pk, approve=False, reason="不")
    ladder.decide(east.manager, proposal.pk, approve=True)
    assert [host.name for host in pool.hosts(east.manager)] == ["小吴"]
    assert pool.hosts(south.manager) == []
    for stranger in (south.manager, south.host):
        assert levels.certificate(stranger, wu[0].id) is None
    assert Membership.objects.filter(group=group(southern, 2), member=wu[0].id).count() == 0
