"""Those who did not pass a line and are asked into another one: whom, by now, and who came."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.console import frame, line, roles
from loop28.front.lines import winning_back
from loop28.front.lines.queries import Line
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.ui.text import local_day


class IntoForm(forms.Form):
    """The line they are asked into."""

    into = forms.TypedChoiceField(label=gettext_lazy("Into which line"), coerce=int)

    def __init__(self, lines: list[Line], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = [(one.pk, f"{one.code} · {local_day(one.start_day)} · {one.host}") for one in lines]
        self.fields["into"].choices = found  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The list with what became of each, and for those who run lines the form that fills it."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    if request.method == "POST" and actor.role not in roles.RUNNERS:
        raise NotAllowed
    targets = winning_back.targets(actor, of)
    form = IntoForm(targets, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with frame.answered_by(form):
            count = winning_back.ask_back(actor, line_id, form.cleaned_data["into"])
            words = ngettext(
                "%(count)s person is on the host's list.",
                "%(count)s people are on the host's list.",
                count,
            )
            messages.success(request, words % {"count": count})
            return redirect("line-win-back", line_id)
    asked = list(winning_back.asked(actor, line_id))
    context = line.head(actor, of, now, "line-members") | {
        "form": form,
        "targets": targets,
        "from_then": winning_back.free_from(of),
        "to_ask": len(winning_back.to_ask(line_id)),
        "page": frame.paged(request, asked),
        "asked": len(asked),
        "sent": sum(row.sent_at is not None for row in asked),
        "came": sum(row.came for row in asked),
    }
    status = frame.status_of(form)
    return frame.show(request, actor, "console/win_back.html", context, here="lines", status=status)
