"""One line, from opening to graduation, as its people live it; the books are exact all the way."""

import pytest

from loop28.back.finance import queries as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import queries as levels
from loop28.front.lines import actions as lines
from loop28.front.lines import queries as line_queries
from loop28.front.packets import actions as packets
from loop28.front.packets import queries as packet_queries
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import queries as task_queries
from loop28.insight import audit
from loop28.kernel import clock as time
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.line_kit import group, live_until, local, moving_clock, open_line, says, seated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(transactional_db):
    with moving_clock() as move:
        yield move


def me(member):
    return Actor(Role.MEMBER, member)


def wallet(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def tasks_of(line, member):
    return {mine.task.key: mine for mine in task_queries.of_member(me(member), member, line.pk)}


def sells(member, name, *, buyer="a neighbour", refunded=0):
    order = ReportedOrder(
        shop="shop",
        external_id=name,
        member=member,
        fen=2990,
        paid_at=time.now(),
        buyer=buyer,
        refunded_fen=refunded,
        refunded_at=time.now() if refunded else None,
    )
    return orders.report(SYSTEM, [order])


def test_from_opening_to_graduation(clock):
    line = open_line(budget_fen=20_000)
    mei, lan, fang, quiet = seated(line, 4)

    # Warm-up: a packet at half past twelve, one share each, the same on a second tap.
    live_until(local(1, 12, 30))
    (packet,) = packet_queries.open_in([group(line)], time.now())
    first = packets.claim(SYSTEM, packet.pk, [mei, lan, mei])
    assert first[0].fen == first[2].fen == wallet(mei)
    assert audit.differences() == []

    # The call: by text, by the button, by the host's hand; one stays silent.
    live_until(local(2, 20))
    groups.receive(SYSTEM, [says(line, mei, "打1", local(2, 20, 1))])
    lines.opt_in(me(lan), line.pk)
    live_until(local(3, 8))
    lines.let_in(me(line.host_id), line.pk, [fang])
    assert line_queries.passed(line.pk) == sorted([mei, lan, fang])
    assert task_queries.of_member(me(quiet), quiet, line.pk) == []

    # Training: the first tasks are open; what is done is in the wallet at once.
    live_until(local(3, 9))
    before = wallet(mei)
    tasks.check_in(me(mei), line.pk)
    quiz = tasks_of(line, mei)["quiz"].assignment.pk
    assert tasks.answer_quiz(me(mei), quiz, [1]) == [1]
    assert tasks.answer_quiz(me(mei), quiz, [2]) == []
    assert wallet(mei) == before + 50 + 100
    named = tasks_of(line, mei)["name-shop"].assignment.pk
    assert tasks.tick(me(line.host_id), [named]) == [True]
    assert levels.level([mei]) == {}

    # The push: a sale to oneself counts for nothing, one to a neighbour makes an owner.
    live_until(local(5, 10))
    sells(mei, "own", buyer=str(mei))
    assert levels.level([mei]) == {}
    sells(mei, "1")
    assert levels.level([mei]) == {mei: "owner"}
    assert ledger.balance(SYSTEM, accounts.held(line.pk)) == 500
    sells(lan, "2")

    # A refund inside the hold takes the reward back; the books follow.
    sells(lan, "2", refunded=2990)
    assert ledger.balance(SYSTEM, accounts.held(line.pk)) == 500

    # Graduation, and a person's word on supervisors.
    live_until(local(5, 21))
    assert levels.graduated_by_line([line.pk]) == {line.pk: 3}
    assert [host.member for host in levels.hosts(SYSTEM)] == [mei]
    assert list(levels.proposals(SYSTEM)) == []
    certificate = levels.certificate(me(mei), mei)
    assert (certificate.tasks, certificate.orders, certificate.level) == (4, 1, "owner")

    # After the refund window the held reward is hers, and every fen is accounted for.
    live_until(local(13, 12))
    assert wallet(mei) == before + 50 + 100 + 500
    spent = finance.spent(SYSTEM, [line.pk])[line.pk]
    assert spent == sum(wallet(m) for m in (mei, lan, fang, quiet))
    assert audit.differences() == []


def test_whoever_earned_it_is_proposed_and_a_person_decides(clock):
    line = open_line(budget_fen=20_000)
    (mei,) = seated(line, 1)
    live_until(local(2, 20))
    lines.opt_in(me(mei), line.pk)
    live_until(local(3, 9))
    tasks.check_in(me(mei), line.pk)
    tasks.answer_quiz(me(mei), tasks_of(line, mei)["quiz"].assignment.pk, [2])
    tasks.tick(me(line.host_id), [tasks_of(line, mei)["name-shop"].assignment.pk])
    live_until(local(4, 9))
    tasks.tick(me(line.host_id), [tasks_of(line, mei)["own-words"].assignment.pk])
    live_until(local(5, 10))
    sells(mei, "1")
    sells(mei, "2")
    live_until(local(5, 21))
    (proposal,) = levels.proposals(SYSTEM)
    assert proposal.numbers["tasks"] == 5
    assert proposal.numbers["orders"] == 2
    assert levels.level([mei]) == {mei: "owner"}
    ladder.decide(SYSTEM, proposal.pk, approve=True)
    assert levels.level([mei]) == {mei: "supervisor"}
    assert levels.graduated_lines([mei]) == {mei: [line.pk]}
