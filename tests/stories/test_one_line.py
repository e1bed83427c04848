"""One small line from its opening to the next one, as each of those who live it sees it."""

from datetime import timedelta

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance import queries as finance_queries
from loop28.back.finance.refusals import FourEyes
from loop28.front.groups import queries as groups
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import pool
from loop28.front.ladder import queries as levels
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, queries, schedule, seats
from loop28.front.lines.models import Beat, Line
from loop28.front.packets import actions as packets
from loop28.front.packets import queries as packet_queries
from loop28.front.packets.actions import Opened
from loop28.front.packets.models import Packet
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import queries as task_queries
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, NotAllowed, Role
from tests import factories
from tests.front.tasks import kit
from tests.line_kit import START, group, invitation, live_until, local
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)
BUDGET = 20_000


def test_a_line_from_its_opening_to_the_next_one():
    east, south = cast.region("HD"), cast.region("HN")
    aunt = cast.own(factories.member("阿姨").pk)
    line = _opens(east, south, aunt)
    people = _gathers(line, aunt)
    gifts = _warms_up(line, people)
    _host_speaks(line, east)
    passed = _calls(line, people, aunt)
    _trains(line, passed, east)
    _sells(line, passed)
    _graduates(line, passed, east, south)
    _is_paid(line, people, gifts)
    _goes_on(line, passed, east)


def _opens(east, south, aunt):
    line = cast.open_line(east, size=6, budget_fen=BUDGET, inviters=[aunt.id])
    assert [found.pk for found in queries.lines(east.manager)] == [line.pk]
    assert [found.pk for found in queries.lines(east.host)] == [line.pk]
    for stranger in (south.manager, south.host, aunt):
        assert list(queries.lines(stranger)) == []
        with pytest.raises(Line.DoesNotExist):
            queries.line(stranger, line.pk)
    assert queries.today(line, clock.now()) == 0
    assert {i.inviter_id for i in seats.invitations(east.manager, line.pk)} == {
        east.host.id,
        aunt.id,
    }
    assert cast.budget(line) == BUDGET
    assert len(schedule.calendar(east.manager, line.pk)) == 21
    return line


def _gathers(line, aunt):
    by_aunt = next(i.pk for i in seats.invitations_of(aunt))
    people = cast.come(line, "小一", "小二", "小三", "小四")
    people += cast.come(line, "小五", "小六", "小七", door=by_aunt)
    *seated, seventh = people
    counts = {"joined": 6, "seated": 6, "waiting": 1, "opted_in": 0}
    assert seats.head_counts([line.pk]) == {line.pk: counts}
    for who in seated:
        assert seats.seat(who, line.pk).state == "joined"
        assert [g.pk for g in groups.groups(who)] == [group(line)]
    waiting = seats.seat(seventh, line.pk)
    assert (waiting.state, seats.place_in_queue(waiting)) == ("waiting", 1)
    assert list(groups.groups(seventh)) == []
    brought = seats.brought(seats.invitations(SYSTEM, line.pk))
    assert sorted(brought.values()) == [2, 4]
    return seated


def _warms_up(line, people):
    live_until(local(1, 12, 31))
    one, two, three, *_ = people
    assert queries.today(line, clock.now()) == 1
    assert cast.stream(one, line)[-1] == "初次见面"
    assert groups.unread(one, [group(line)]) == {group(line): 2}
    (packet,) = packet_queries.open_in([group(line)], clock.now())
    with pytest.raises(Packet.DoesNotExist):
        packet_queries.packet(cast.own(factories.member().pk), packet.pk)
    shares = [packets.claim(SYSTEM, packet.pk, [who.id])[0] for who in (one, two, three)]
    again = packets.claim(SYSTEM, packet.pk, [one.id])[0]
    assert (again.outcome, again.fen) == (Opened.BEFORE, shares[0].fen)
    assert [cast.wallet(who) for who in (one, two, three)] == [share.fen for share in shares]
    taken = packet_queries.taken(two, packet.pk)
    assert [share.member.name for share in taken] == ["小一", "小二", "小三"]
    best = max(taken, key=lambda share: (share.fen, -share.number))
    assert packet_queries.luckiest(taken) == best.member_id
    live_until(local(1, 14, 31))
    claimed = sum(share.fen for share in shares)
    assert packet_queries.totals([line.pk])[line.pk] == {
        "issued": 1000,
        "claimed": claimed,
        "returned": 1000 - claimed,
    }
    assert cast.budget(line) == BUDGET - claimed
    live_until(local(1, 21))
    assert sum("熟人" in text for text in cast.stream(one, line)) >= 2
    return claimed


def _host_speaks(line, east):
    live_until(local(2, 19, 5))
    (card,) = schedule.waiting_for_host(east.host, [line.pk])[:1]
    assert card.key == "d2-evening"
    assert [b.pk for b in schedule.late([line.pk], clock.now())[line.pk]] == [card.pk]
    beats.do_by_hand(east.host, card.pk, "今晚八点，我来讲。")
    assert cast.stream(east.host, line)[-1] == "今晚八点，我来讲。"
    assert schedule.late([line.pk], clock.now()) == {}


def _calls(line, people, aunt):
    one, two, three, four, five, six = people
    live_until(local(2, 20, 1))
    assert groups.groups(one).get().pinned.text.startswith("想用零碎时间")
    cast.say(one, line, "打1")
    cast.say(two, line, "能赚100块吗")
    cast.say(three, line, "１")
    cast.say(three, line, "1")
    lines.opt_in(four, line.pk)
    cast.say(five, line, "+1")
    assert seats.passed(line.pk) == sorted(who.id for who in (one, three, four, five))
    by_inviter = seats.passing_by_inviter(SYSTEM, line.pk)
    assert by_inviter == [(line.host_id, 4, 3), (aunt.id, 2, 1)]
    for who, inside in [(one, True), (two, False), (six, False)]:
        assert groups.groups(who).filter(id=group(line, 2)).exists() is inside
        assert bool(seats.own_opt_in(who, line.pk)) is inside
    live_until(local(2, 23, 31))
    cast.say(six, line, "1")
    assert seats.own_opt_in(six, line.pk) is None
    return [one, three, four, five]


def _trains(line, passed, east):
    one, two, three, four = passed
    live_until(local(3, 8, 31))
    assert cast.path(one, line) == {"checkin": "open", "name-shop": "open", "quiz": "open"}
    assert cast.path(east.host, line) == {}
    before = [cast.wallet(who) for who in passed]
    for who in passed:
        kit.check_in(who, line.pk)
    assert [cast.wallet(who) for who in passed] == [fen + 50 for fen in before]
    quiz = cast.assignment(one, line, "quiz")
    assert tasks.answer_quiz(one, quiz.pk, [1]) == [1]
    assert tasks.answer_quiz(one, quiz.pk, [2]) == []
    for who in (two, three):
        tasks.answer_quiz(who, cast.assignment(who, line, "quiz").pk, [2])
    named = [cast.assignment(who, line, "name-shop").pk for who in (one, two)]
    with pytest.raises(NotAllowed):
        tasks.tick(factories.staff(Role.FINANCE).actor, named)
    tasks.tick(east.host, named)
    assert [r.title for r in rewards.of_member(one, one.id).filter(kind="badge")] == ["有名有姓"]
    live_until(local(4, 9))
    tasks.tick(east.host, [cast.assignment(one, line, "own-words").pk])
    assert cast.wallet(one) == before[0] + 50 + 100 + 200
    live_until(local(5, 9))
    assert cast.path(four, line) == {
        "checkin": "done",
        "name-shop": "missed",
        "quiz": "missed",
        "lock-fan": "missed",
        "post-moment": "missed",
        "own-words": "missed",
        "first-order": "open",
    }
    assert four.id in [person.member for person in task_queries.stuck(east.host, line.pk)]


def _sells(line, passed):
    one, two, _, four = passed
    cast.sell(one, 1, 2)
    cast.sell(two, 1)
    cast.sell(four, 1)
    held = rewards.of_member(one, one.id).get(reference__startswith="task", state="held")
    assert (held.amount, held.available_at) == (500, clock.now() + timedelta(days=7))
    # Whoever did enough and sold is an owner at once; who did too little is not.
    assert levels.level([who.id for who in passed]) == {one.id: "owner", two.id: "owner"}


def _graduates(line, passed, east, south):
    one, two, three, four = passed
    live_until(local(5, 21))
    line.refresh_from_db()
    assert line.ended_at == local(5, 21)
    graduates = levels.graduates(east.manager, line.pk)
    assert [(g.member_id, g.tasks, g.orders) for g in graduates] == [
        (one.id, 5, 2),
        (two.id, 4, 1),
        (four.id, 2, 1),
        (three.id, 2, 0),
    ]
    assert not levels.graduates(south.manager, line.pk).exists()
    certificate = levels.certificate(one, one.id)
    assert (certificate.name, certificate.line, certificate.level) == ("小一", line.code, "owner")
    assert levels.certificate(two, one.id) is None
    assert "毕业" in cast.stream(one, line, 2)[-1]
    (proposal,) = levels.proposals(east.manager)
    assert proposal.numbers["tasks"] == 5
    assert not levels.proposals(south.manager).exists()
    with pytest.raises(Promotion.DoesNotExist):
        ladder.decide(south.manager, proposal.pk, approve=True)
    ladder.decide(east.manager, proposal.pk, approve=True)
    assert levels.level([one.id]) == {one.id: "supervisor"}
    assert {host.name for host in pool.hosts(east.manager)} == {"小一", "小三"}


def _is_paid(line, people, gifts):
    one = people[0]
    live_until(local(12, 9))
    earned = 4 * 50 + 3 * 100 + 200 + 3 * 500
    assert cast.where_the_money_is(line, people) == {
        "budget": BUDGET - gifts - earned,
        "held": 0,
        "wallets": gifts + earned,
        "paid": 0,
    }
    has = cast.wallet(one)
    payout = finance.ask_payout(one, has, "小一", "6222 0000", "once", adult=True)
    cashier, other = (factories.staff(Role.FINANCE).actor for _ in range(2))
    export = finance.export_payouts(cashier)
    assert [row.fen for row in finance_queries.export_rows(other, export.pk)] == [has]
    with pytest.raises(FourEyes):
        finance.mark_paid(cashier, [payout.pk])
    finance.mark_paid(other, [payout.pk])
    assert cast.where_the_money_is(line, people)["paid"] == has
    assert cast.wallet(one) == 0
    cast.assert_books_are_exact()


def _goes_on(line, passed, east):
    """The first supervisor hosts the next line, which knows where it came from."""
    supervisor = passed[0]
    following = lines.open_line(
        east.manager,
        region=east.number,
        playbook=line.playbook_id,
        start_day=START + timedelta(days=14),
        host=supervisor.id,
        size=6,
        budget_fen=BUDGET,
        parents=levels.graduated_lines([supervisor.id])[supervisor.id],
    )
    assert list(following.parents.all()) == [line]
    assert queries.parents([following.pk]) == {following.pk: [line.pk]}
    assert [found.pk for found in queries.lines(supervisor)] == [following.pk]
    assert invitation(following) in [i.pk for i in seats.invitations_of(supervisor)]
    assert Beat.objects.filter(line=following, state="planned").count() == 21
