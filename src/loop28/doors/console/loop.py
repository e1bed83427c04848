"""The loop: which line came from which as a picture, and how many next lines each brings forth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loop28.back.people import queries as people
from loop28.back.people.models import Tier
from loop28.doors import gate
from loop28.doors.console import frame, menu
from loop28.doors.console.family import Node, Picture, draw
from loop28.front.lines.queries import Line
from loop28.insight.metrics import loop
from loop28.insight.metrics.loop import Link
from loop28.insight.metrics.reproduction import WINDOW, Estimate
from loop28.kernel import clock
from loop28.kernel.access import Actor

DRAWN = 60
"""Lines in the picture, the latest: as many as one can still read. The table has all."""

HUES = 6
"""Colours for regions; more regions share them."""


class Row(NamedTuple):
    """The reproduction number of a group of lines, and where its lines are listed."""

    name: str
    estimate: Estimate | None
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the table: its tier in words, lines it came from, and its next lines.

    A line of another region is named but not linked: who looks may not see it.
    """

    link: Link
    tier: str
    came_from: Sequence[Line]
    next: Sequence[tuple[Line, bool]]

    @property
    def days(self) -> int:
        """How many days of the window have passed."""
        return int(self.link.exposure * WINDOW.days)


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The numbers, the picture, and the lines behind both, by region and by tier."""
    everything = loop.links(actor, clock.now())
    region = frame.chosen_region(request, actor)
    here = [link for link in everything if region in {None, link.line.region_id}]
    tier = request.GET.get("tier", "")
    behind = [link for link in here if tier in {"", str(link.tier or 0)}]
    page = frame.paged(request, behind, frame.LINES)
    context = {
        "regions": frame.region_switch(request, actor),
        "total": loop.estimate(here),
        "by_region": _by_region(actor, everything),
        "by_tier": _by_tier(here, region),
        "picture": _picture(behind[:DRAWN]),
        "drawn": DRAWN,
        "hues": [(r.name, r.pk % HUES) for r in people.regions(actor)],
        "page": page,
        "rows": _shown(page.object_list, {link.line.pk: link.line for link in everything}),
        "tier": tier,
        "tier_name": _tier(int(tier)) if tier in {"0", *map(str, Tier.values)} else "",
        "all_url": menu.address("loop", region),
    }
    return frame.show(request, actor, "console/loop.html", context, here="loop")


def _shown(links: Iterable[Link], seen: Mapping[int, Line]) -> list[Shown]:
    return [
        Shown(
            link,
            _tier(link.tier),
            [seen[n] for n in sorted({link.mother or 0, *link.parents}) if n in seen],
            [(child, child.pk in seen) for child in link.children],
        )
        for link in links
    ]


def _by_region(actor: Actor, links: Sequence[Link]) -> list[Row]:
    found = loop.estimates(links, lambda link: link.line.region_id)
    return [
        Row(region.name, found.get(region.pk), f"?region={region.pk}#lines")
        for region in people.regions(actor)
    ]


def _by_tier(links: Sequence[Link], region: int | None) -> list[Row]:
    found = loop.estimates(links, lambda link: link.tier)
    around = {"region": region} if region else {}
    return [
        Row(_tier(tier), found[tier], f"?{urlencode({**around, 'tier': tier or 0})}#lines")
        for tier in sorted(found, key=lambda tier: tier or 99)
    ]


def _tier(tier: int | None) -> str:
    return str(Tier(tier).label) if tier else _("no city given")


def _picture(links: Sequence[Link]) -> Picture:
    return draw(
        [
            Node(
                line=link.line.pk,
                text=link.line.code,
                note=f"{link.line.region} · {link.line.host}",
                start=link.line.start_day,
                hue=link.line.region_id % HUES,
                parents=link.parents,
                mother=link.mother,
            )
            for link in links
        ]
    )
