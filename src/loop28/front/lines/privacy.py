"""What lines keep about a person: seats, answers, and why a host was replaced."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loop28.front.lines.models import Enrollment, Line, Mend, OptIn, WinBack
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import KIND, LINE, STATE, UNTIL, WHEN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Lines they were in or ran, and how they answered the call."""
    seats = Enrollment.objects.filter(member__in=members).select_related("line", "inviter")
    answers = OptIn.objects.filter(member__in=members).select_related("line").order_by("id")
    hosted = Line.objects.filter(host__in=members).order_by("start_day")
    rows = [
        [
            row.line.code,
            row.get_state_display(),
            row.asked_at,
            row.left_at,
            row.inviter.name if row.inviter else "",
        ]
        for row in seats.order_by("asked_at", "id")
    ]
    columns = [LINE, STATE, WHEN, UNTIL, _("Brought by")]
    return [
        Topic("lines", _("Lines"), columns, rows),
        Topic(
            "answers",
            _("Your answers to the call"),
            [LINE, WHEN, KIND],
            [[row.line.code, row.at, row.get_via_display()] for row in answers],
        ),
        Topic(
            "hosted",
            _("Lines you ran"),
            [LINE, WHEN, UNTIL],
            [[row.code, row.start_day, row.ended_at] for row in hosted],
        ),
    ]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Reasons that speak of these people go; seats are given on, as who takes consent back does."""
    require(actor)
    Mend.objects.filter(Q(former__in=members) | Q(host__in=members)).update(reason="")
    WinBack.objects.filter(member__in=members, sent_at=None).delete()


def obstacles(actor: Actor, members: Collection[int]) -> list[str | Promise]:
    """A line that goes on needs its host."""
    running = Line.objects.filter(host__in=members, ended_at=None).order_by("code")
    return [_("Runs the line %(code)s.") % {"code": line.code} for line in running]
