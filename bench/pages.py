"""The pages that are asked for: all of the menu, and those of one line, one host, one member."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.test import Client
from django.urls import reverse

from bench.stage import phone
from loop28.back.people import actions as people
from loop28.back.people.models import User
from loop28.doors.console import menu
from loop28.front.events.models import Event
from loop28.front.groups.models import Complaint
from loop28.front.lines.models import EnrollmentState, Line
from loop28.front.playbooks.models import Draft
from loop28.kernel.access import SYSTEM, Role
from loop28.middle.content.models import Talk

BELOW_THE_MENU = (
    *("quota-open", "line-open", "best-lines", "playbook-new", "talk-new", "event-new"),
    *("doubles", "appoint", "circle-open"),
)
OF_A_LINE = (
    *("line", "line-calendar", "line-members", "line-chat", "line-invitations", "line-packets"),
    *("line-tasks", "line-budget", "line-changes", "line-journal", "line-win-back"),
)
OF_A_HOST = ("host-today", "host-complaints", "host-offers", "host-earnings")
OF_A_HOSTS_LINE = (
    *("host-care", "host-people", "host-tick", "host-cards", "host-invitations", "host-win-back"),
)
OF_A_MEMBER = ("today", "path", "groups", "wallet", "me", "my-events", "notices")


@dataclass(frozen=True, slots=True)
class Page:
    """An address, and the browser that asks for it."""

    name: str
    address: str
    browser: Client


def pages(line: Line) -> list[Page]:
    """Every page there is to look at, with this running line as the one that is looked at."""
    office = _signed_in(User.objects.get(username="admin"))
    numbered = [
        Page(name, reverse(name, args=[number]), office) for name, number in _numbered(line)
    ]
    return [*everyday(line), *numbered]


def everyday(line: Line) -> list[Page]:
    """The pages that are there as soon as somebody is in a line.

    The administrator sees all regions; the pages of the menu are asked for once more by the manager
    of one, whose lists are found another way.
    """
    admin = User.objects.get(username="admin")
    manager = User.objects.filter(username="manager").first() or people.add_staff(
        SYSTEM, "manager", "经理", Role.REGION_MANAGER, line.region_id
    )
    office, region = _signed_in(admin), _signed_in(manager)
    found = [
        *(
            Page(name, reverse(name), office)
            for name in [*menu.pages(admin.actor), *BELOW_THE_MENU]
        ),
        *(Page(name, reverse(name, args=[line.pk]), office) for name in OF_A_LINE),
        *(Page(f"{name}-of-region", reverse(name), region) for name in menu.pages(manager.actor)),
    ]
    host = phone(line.host_id)
    found += [Page(name, reverse(name), host) for name in OF_A_HOST]
    found += [Page(name, reverse(name, args=[line.pk]), host) for name in OF_A_HOSTS_LINE]
    member = phone(_newcomer(line))
    return [*found, *(Page(f"my-{name}", reverse(name), member) for name in OF_A_MEMBER)]


def _numbered(line: Line) -> Iterator[tuple[str, int]]:
    """Pages of one thing that is not a line."""
    yield "group-health", line.phases.latest("number").group_id
    yield "member", _newcomer(line)
    yield "host", line.host_id
    yield "playbook", line.playbook_id
    yield from (
        (name, model.objects.earliest("id").pk)
        for name, model in (
            ("event", Event),
            ("complaint", Complaint),
            ("draft", Draft),
            ("talk", Talk),
        )
    )
    yield "region-edit", line.region_id


def _newcomer(line: Line) -> int:
    """Somebody who is there, in training where anybody came so far."""
    seats = line.enrollments.filter(state=EnrollmentState.JOINED)
    passed = line.opt_ins.filter(member__in=seats.values("member"))
    return (passed.order_by("id").first() or seats.earliest("id")).member_id


def _signed_in(user: User) -> Client:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
    return browser
