"""Who plays in the stories, and how what they have and see is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

from loop28.back.finance import queries as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Incoming
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Target
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.models import Assignment
from loop28.insight import audit
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members.actions import NewMember
from loop28.middle.orders import actions as orders
from loop28.middle.orders.actions import Outcome
from loop28.middle.orders.rules import ReportedOrder
from tests import factories
from tests.line_kit import SMALL, START, group, invitation

_numbers = count(1)
_visitors = count(10**9)
AT_ONCE = 40
"""Strangers on one link in the same instant: fewer than the watch calls a crowd."""
SHOP = Actor(Role.MACHINE, 1)


@dataclass(frozen=True)
class Region:
    """A region with its manager and a host of its own."""

    number: int
    manager: Actor
    host: Actor


def region(code: str = "HD") -> Region:
    place = factories.region(code)
    manager = factories.staff(Role.REGION_MANAGER, place).actor
    return Region(place.pk, manager, own(factories.member(f"{place.name}店主").pk))


def own(member: int) -> Actor:
    return Actor(Role.MEMBER, member)


def open_line(at: Region, *, size: int = 20, budget_fen: int = 20_000, **terms: object) -> Line:
    """The region's manager opens a line of the small playbook, or of another text."""
    given: dict[str, object] = {"text": SMALL.read_text(), "start_day": START, **terms}
    return lines.open_line(
        at.manager,
        region=at.number,
        playbook=playbooks.publish(SYSTEM, str(given.pop("text"))).pk,
        host=at.host.id,
        size=size,
        budget_fen=budget_fen,
        **given,  # type: ignore[arg-type]
    )


def come(line: Line, *names: str, door: int | None = None) -> list[Actor]:
    """Strangers come through an invitation, the host's where none is named."""
    comers = [
        lines.Newcomer(door or invitation(line), NewMember(name=name, adult=True, consent=True))
        for name in names
    ]
    return [own(member) for member, _ in lines.welcome(SYSTEM, comers)]


def say(who: Actor, line: Line, text: str, phase: int = 1) -> None:
    key = f"{who.id}-{next(_numbers)}"
    message = Incoming("house", key, group(line, phase), who.id, text, clock.now())
    groups.receive(SYSTEM, [message])


def stream(who: Actor, line: Line, phase: int = 1) -> list[str]:
    """What somebody reads in a group of the line."""
    return [m.text for m in group_queries.messages(who, group(line, phase), limit=200)]


def path(who: Actor, line: Line) -> dict[str, str]:
    """A member's tasks and where each stands."""
    mine = tasks.of_member(who, who.id, line.pk)
    return {one.task.key: one.stand.value for one in mine}


def assignment(who: Actor, line: Line, task: str) -> Assignment:
    return Assignment.objects.get(line=line, member=who.id, task=task)


def wallet(who: Actor) -> int:
    return ledger.balance(who, accounts.wallet(who.id))


def budget(line: Line) -> int:
    return finance.budget_left(SYSTEM, [line.pk])[line.pk]


def sell(who: Actor, *numbers: int, buyer: str = "buyer") -> list[ReportedOrder]:
    """The shop reports orders of 29.90 yuan each that this member sold just now."""
    sold = [
        ReportedOrder(
            shop="taobao",
            external_id=f"{who.id}-{number}",
            member=who.id,
            fen=2990,
            paid_at=clock.now(),
            buyer=buyer,
        )
        for number in numbers
    ]
    orders.report(SHOP, sold)
    return sold


def refund(sold: Sequence[ReportedOrder]) -> list[Outcome]:
    now = clock.now()
    return orders.report(SHOP, [replace(o, refunded_fen=o.fen, refunded_at=now) for o in sold])


def where_the_money_is(line: Line, people: Sequence[Actor]) -> dict[str, int]:
    """All that the line was given, by the place in which it is now."""
    keys = [accounts.wallet(who.id) for who in people]
    return {
        "budget": budget(line),
        "held": ledger.balance(SYSTEM, accounts.held(line.pk)),
        "wallets": sum(ledger.balances(SYSTEM, keys).values()),
        "paid": ledger.balance(SYSTEM, accounts.PAID),
    }


def assert_books_are_exact() -> None:
    assert audit.differences() == []


def share(who: Actor, line: Line, strangers: int) -> None:
    """So many strangers touch this member's link to the product of their line, not all at once."""
    link = sharing.share(who, line.pk, Target.PRODUCT)
    for start in range(0, strangers, AT_ONCE):
        some = range(min(AT_ONCE, strangers - start))
        assert all(referrals.touch(SYSTEM, [Touch(link.pk, next(_visitors)) for _ in some]))
        clock.move_to(clock.now() + timedelta(seconds=2))
