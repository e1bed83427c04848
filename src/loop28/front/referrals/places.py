"""Where links were put, and how many people clicked there on which day."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from loop28.front.referrals.models import Tally
from loop28.kernel.access import Actor, scope

Key = tuple[int, int, str]
"""A chat group of ours whoever put a link there, or a promoter and the word for their place."""


@dataclass(slots=True)
class Place:
    """A group, or another place of one promoter's: the clicks on each link that was put there.

    ``group`` is a chat group of ours, None for a place elsewhere; ``name`` is empty for links that
    were put nowhere in particular.
    """

    name: str
    group: int | None
    promoters: dict[int, str] = field(default_factory=dict)
    links: dict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def days(self) -> Counter[date]:
        """The clicks on all its links, by day."""
        return sum(self.links.values(), Counter[date]())

    @property
    def clicks(self) -> int:
        return self.days.total()


def places(actor: Actor, since: date, *, region: int | None = None) -> list[Place]:
    """Where anybody clicked from this day on, the most clicked first: the acting member's places,
    or those of links in lines that staff see.
    """
    rows = Tally.objects.filter(day__gte=since)
    rows = scope(actor, rows, region="link__line__region", member="link__promoter")
    if region:
        rows = rows.filter(link__line__region=region)
    found: dict[Key, Place] = {}
    columns = ("link__group", "link__group__name", "link__place", "link__promoter")
    for group, name, word, promoter, who, link, day, clicks in rows.order_by("link_id").values_list(
        *columns, "link__promoter__name", "link", "day", "clicks"
    ):
        key = (group, 0, "") if group else (0, promoter, word)
        place = found.setdefault(key, Place(name or word, group))
        place.promoters[promoter] = who
        place.links[link][day] += clicks
    return sorted(found.values(), key=lambda place: (-place.clicks, place.name))
