"""What a shared link opens: who shares what, one big button, and the lesson behind it."""

from collections.abc import Sequence
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from loop28.doors import gate
from loop28.doors.member import joining, visitors
from loop28.front.lines import seats
from loop28.front.playbooks import queries as playbooks
from loop28.front.referrals import actions, queries, sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Link, Target
from loop28.kernel.access import SYSTEM
from loop28.kernel.gather import Gate
from loop28.kernel.links import LinkInvalid


def _touch_all(touches: Sequence[Touch]) -> list[bool]:
    return actions.touch(SYSTEM, touches)


# A link in a full group is touched by hundreds in the same minute; those together share a commit.
_door: Gate[Touch, bool] = Gate(_touch_all)


def address(link: Link) -> str:
    """What to give away."""
    return settings.URL + reverse("shared", args=[link.token])


def about(link: Link) -> dict[str, Any]:
    """What a link leads to, for the pages that show it."""
    return {
        "link": link,
        "playbook": playbooks.playbook(link.line.playbook_id),
        "product": sharing.product(link.line),
        "lesson": sharing.lesson(link),
        "club": sharing.club(link) if link.target == Target.GROUP else None,
    }


# The button leads on to the shop, and Chromium holds even a form's redirect to this directive.
@csp_update({"form-action": "https:"})  # type: ignore[arg-type]  # knows views without arguments only
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, token: str) -> HttpResponse:
    """Who shares what. Looking writes nothing; touching the page, or the button, is a POST."""
    link = _link(token)
    if request.method == "POST":
        touch = visitors.touch_of(request, link)
        if touch is not None:
            _door.pass_through(touch)
        return HttpResponse(status=204) if "seen" in request.POST else _onwards(link)
    member = gate.member_of(request)
    own = member is not None and member.id == link.promoter_id
    response = render(request, "member/shared.html", about(link) | {"own": own})
    if member is None:
        visitors.remember(request, response)
    return response


def _link(token: str) -> Link:
    found = queries.link(token)
    if found is None:
        raise LinkInvalid
    return found


def _onwards(link: Link) -> HttpResponse:
    response = redirect(_target(link))
    response.status_code = 303
    return response


def _target(link: Link) -> str:
    if link.target == Target.PRODUCT:
        return sharing.product(link.line).link
    if link.target == Target.GROUP:
        return reverse("shared-group", args=[link.token])
    if link.target == Target.LESSON:
        return reverse("shared-lesson", args=[link.token])
    for invitation in seats.invitations(SYSTEM, link.line_id):
        if invitation.inviter_id == link.promoter_id:
            return joining.invitation_path(invitation)
    raise LinkInvalid


@require_safe
def lesson(request: HttpRequest, token: str) -> HttpResponse:
    """The lesson that was shared, to be read by whoever has the link."""
    link = _link(token)
    if sharing.lesson(link) is None:
        raise Http404
    return render(request, "member/shared_lesson.html", about(link))
