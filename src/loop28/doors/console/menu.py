"""The console's menu: the storeys of the company, their sections, the pages of a section."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from loop28.back.compliance import queries as compliance
from loop28.doors.console import roles
from loop28.front.evidence import queries as evidence
from loop28.kernel.access import STAFF, Actor, Role

Label = str | Promise
Pages = tuple[tuple[str, Label, Iterable[Role]], ...]
Link = tuple[Label, str, bool] | tuple[Label, str, bool, int]
"""What it says, where it leads, whether one is there; how much waits there."""

_MENU: tuple[tuple[Label, tuple[tuple[Label, Pages], ...]], ...] = (
    (
        gettext_lazy("Small front"),
        (
            (
                gettext_lazy("War room"),
                (("war-room", gettext_lazy("War room"), STAFF),),
            ),
            (
                pgettext_lazy("console", "Lines"),
                (
                    ("lines", gettext_lazy("All lines"), STAFF),
                    ("lines-calendar", gettext_lazy("Calendar of lines"), STAFF),
                    ("quota", gettext_lazy("Quota"), STAFF),
                    ("league", gettext_lazy("League table"), STAFF),
                    ("loop", gettext_lazy("The loop"), STAFF),
                ),
            ),
            (
                pgettext_lazy("console", "Groups"),
                (
                    ("groups-health", pgettext_lazy("groups", "Health"), STAFF),
                    ("own-groups-all", gettext_lazy("Members' own"), STAFF),
                    ("complaints", gettext_lazy("Complaints"), STAFF),
                    ("group-rules", gettext_lazy("Blocked words"), STAFF),
                    ("outbox", gettext_lazy("Outbox"), STAFF),
                ),
            ),
            (
                gettext_lazy("Review desk"),
                (("review", gettext_lazy("Review desk"), roles.REVIEWERS),),
            ),
            (
                gettext_lazy("Playbooks"),
                (("playbooks", gettext_lazy("Playbooks"), STAFF),),
            ),
            (
                gettext_lazy("Hosts and promotion"),
                (
                    ("hosts", gettext_lazy("Hosts and promotion"), STAFF),
                    ("appeals", gettext_lazy("Appeals"), STAFF),
                ),
            ),
            (
                gettext_lazy("Offline events"),
                (("events", gettext_lazy("Offline events"), STAFF),),
            ),
        ),
    ),
    (
        gettext_lazy("Big middle"),
        (
            (
                pgettext_lazy("console", "Members"),
                (
                    ("members", gettext_lazy("All members"), STAFF),
                    ("links", gettext_lazy("Links and clicks"), STAFF),
                    ("link-places", gettext_lazy("Clicks by group"), STAFF),
                    ("fan-claims", gettext_lazy("Claimed fans"), STAFF),
                    ("import", gettext_lazy("Import people"), (Role.ADMINISTRATOR,)),
                ),
            ),
            (
                gettext_lazy("Talks and guests"),
                (
                    ("talks", gettext_lazy("Talks"), STAFF),
                    ("guests", gettext_lazy("Guests"), STAFF),
                ),
            ),
            (
                gettext_lazy("Orders"),
                (
                    ("orders", gettext_lazy("All orders"), roles.ORDER_READERS),
                    ("coupons", gettext_lazy("Coupons"), roles.ORDER_READERS),
                ),
            ),
        ),
    ),
    (
        gettext_lazy("Back office"),
        (
            (
                gettext_lazy("Money"),
                (
                    ("budgets", gettext_lazy("Budgets"), STAFF),
                    ("payouts", gettext_lazy("Payouts"), roles.BOOK_READERS),
                    ("ledger", gettext_lazy("Ledger"), roles.BOOK_READERS),
                ),
            ),
            (
                gettext_lazy("Compliance"),
                (
                    ("fraud", gettext_lazy("Fraud desk"), roles.BOOK_READERS),
                    ("structure", gettext_lazy("Structure watch"), roles.BOOK_READERS),
                ),
            ),
            (
                gettext_lazy("The company"),
                (
                    ("regions", gettext_lazy("Regions and cities"), STAFF),
                    ("staff", gettext_lazy("Staff"), roles.STAFF_READERS),
                    ("keys", gettext_lazy("Machine keys"), (Role.ADMINISTRATOR,)),
                    ("journal", gettext_lazy("Journal"), roles.STAFF_READERS),
                ),
            ),
        ),
    ),
)
_BY_REGION = {
    *("war-room", "quota", "lines-calendar", "league", "lines", "groups-health", "loop", "events"),
    *("complaints", "outbox", "budgets", "links", "fan-claims", "line-people", "league-complaints"),
    "review",
    "appeals",
    "link-places",
    "own-groups-all",
}
"""Pages that the region switch filters; the menu keeps the choice between them."""

_WAITING: dict[str, Callable[[Actor, int | None], int]] = {
    "review": lambda actor, region: evidence.queue(actor, region).count(),
    "fraud": lambda actor, _region: compliance.to_decide(actor),
}
"""How much waits on the first page of a section, where the menu says so."""


def storeys(actor: Actor, here: str, region: int | None) -> list[tuple[Label, list[Link]]]:
    """The menu as an actor sees it: the sections of each storey, each with its first page.

    ``here`` is the page of the menu they are on or below.
    """
    found = []
    for heading, sections in _MENU:
        links = [
            _section(label, pages, actor, here, region)
            for label, pages in _open_to(actor, sections)
        ]
        if links:
            found.append((heading, links))
    return found


def _section(label: Label, pages: Pages, actor: Actor, here: str, region: int | None) -> Link:
    first, current = pages[0][0], any(name == here for name, *_ in pages)
    link = label, address(first, region), current
    waiting = _WAITING.get(first)
    return (*link, waiting(actor, region)) if waiting else link


def beside(actor: Actor, here: str, region: int | None) -> list[Link]:
    """The pages of the section that a page belongs to; none where it is the only one."""
    for _heading, sections in _MENU:
        for _label, pages in _open_to(actor, sections):
            if len(pages) > 1 and any(name == here for name, *_ in pages):
                return [(label, address(name, region), name == here) for name, label, _ in pages]
    return []


def pages(actor: Actor) -> list[str]:
    """The names of all pages of the menu that are open to an actor."""
    sections = (section for _heading, found in _MENU for section in _open_to(actor, found))
    return [name for _label, of_section in sections for name, *_ in of_section]


def _open_to(
    actor: Actor, sections: Iterable[tuple[Label, Pages]]
) -> Iterator[tuple[Label, Pages]]:
    for label, pages in sections:
        seen = tuple(page for page in pages if actor.role in page[2])
        if seen:
            yield label, seen


def address(name: str, region: int | None, **search: str) -> str:
    """The address of a page of the menu, with the chosen region where it filters by region."""
    if region and name in _BY_REGION:
        search["region"] = str(region)
    return reverse(name) + (f"?{urlencode(search)}" if search else "")
