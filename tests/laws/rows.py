"""How a row of the table of expectations is written: one line for each route and method.

``console`` names the roles a page of the console is open to; ``phone`` the people a page of members
and hosts is open to. Whoever is not named is refused in the usual way of that door.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.laws.world import EVERYBODY, MEMBERS, OTHER_MANAGER, STAFF

SIGN_IN = "sent to sign in"
Outcome = int | str

KEY = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11"
STAFF_ARE_IN = dict.fromkeys((*STAFF, OTHER_MANAGER), 302)
ALL = STAFF
ADMIN = ("administrator",)
RUNNERS = ("administrator", "region_manager")
TAGGERS = (*RUNNERS, "middle")
PUBLISHERS = (*RUNNERS, "middle")
REVIEWERS = (*RUNNERS, "middle")
FUNDERS = (*RUNNERS, "finance")
REPORTERS = ("administrator", "middle")
PAYERS = ("administrator", "finance")
BOOKS = (*PAYERS, "auditor")
ORDERS = (*REPORTERS, "finance", "auditor")


@dataclass(frozen=True)
class Row:
    """What comes of one request for each of EVERYBODY.

    ``data`` are the fields of a POST, in which ``{line_id}`` and the like are filled in; None is a
    GET. ``at`` renames places of the route, as `World.address` says.
    """

    route: str
    expected: Mapping[str, Outcome]
    data: Mapping[str, str] | None = None
    at: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{'GET' if self.data is None else 'POST'} {self.route}"


def console(
    route: str,
    roles: Iterable[str],
    data: Mapping[str, str] | None = None,
    *,
    ok: int | None = None,
    elsewhere: Outcome | None = None,
    at: Mapping[str, str] | None = None,
    **special: int,
) -> Row:
    """A page of the console; what stands in another region does not exist for its manager."""
    good = ok or (200 if data is None else 302)
    of_staff = {role: good if role in roles else 403 for role in STAFF}
    stranger = elsewhere or (404 if "<" in route else good)
    expected = dict.fromkeys(EVERYBODY, SIGN_IN) | of_staff
    expected[OTHER_MANAGER] = stranger if "region_manager" in roles else 403
    return Row(f"console/{route}", expected | special, data, at or {})


def phone(
    route: str,
    people: str = "host insider neighbour outsider",
    data: Mapping[str, str] | None = None,
    *,
    ok: int | None = None,
    at: Mapping[str, str] | None = None,
    **special: int,
) -> Row:
    """A page for members; what is not theirs does not exist for them."""
    good = ok or (200 if data is None else 302)
    of_members = {who: good if who in people.split() else 404 for who in MEMBERS}
    expected = dict.fromkeys(EVERYBODY, 403) | of_members | special
    return Row(route, expected, data, at or {})


def everybody(
    route: str, outcome: Outcome, data: Mapping[str, str] | None = None, **more: Mapping[str, str]
) -> Row:
    """A door that is the same for all."""
    return Row(route, dict.fromkeys(EVERYBODY, outcome), data, more.get("at", {}))


def at_the_door(
    route: str, data: Mapping[str, str] | None = None, lookers: Iterable[str] = ()
) -> Row:
    """A page for the staff who run the region's events and for the host in charge, on a phone."""
    good = dict.fromkeys((*RUNNERS, "host", *lookers), 200 if data is None else 302)
    outside = dict.fromkeys(("anonymous", "machine"), 404 if lookers else SIGN_IN)
    return Row(route, dict.fromkeys(EVERYBODY, 404) | outside | good, data)


def writing(route: str, data: Mapping[str, str], others: int, **special: int) -> Row:
    """A form of the editor: nobody is sent away from the text they wrote."""
    of_staff = dict.fromkeys((*STAFF, OTHER_MANAGER), 403)
    of_writers = dict.fromkeys((*PUBLISHERS, OTHER_MANAGER), others)
    expected = dict.fromkeys(EVERYBODY, 422) | of_staff | of_writers | special
    return Row(f"console/{route}", expected, data)
