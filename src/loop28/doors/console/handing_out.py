"""A task of a line given by hand: which one, to whom, and why."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from loop28.doors import gate
from loop28.doors.console import frame, line, roles
from loop28.doors.console.fields import KeyField, ReasonForm
from loop28.front.groups import queries as groups
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import handouts
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.middle.members import queries as members

PICKED = "picked"


class Picker(forms.CheckboxSelectMultiple):
    """Any number of hundreds of people: boxes in a scroll, a search, and how many are chosen."""

    template_name = "console/parts/picker.html"


class GiveForm(ReasonForm):
    """A task of the playbook, and a kind of people or people one by one."""

    key = KeyField()
    task = forms.ChoiceField(label=gettext_lazy("Task"))
    to = forms.ChoiceField(label=gettext_lazy("To whom"))
    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Members"),
        coerce=int,
        required=False,
        widget=Picker,
        help_text=gettext_lazy("Only for «people chosen below»."),
    )

    field_order = ("task", "to", "members", "reason")

    def __init__(self, of: Line, people: dict[str, list[int]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tasks = playbooks.playbook(of.playbook_id).tasks
        names = members.names(people["seated"])
        self.fields["task"].choices = [  # type: ignore[attr-defined]
            (task.key, task.name) for task in tasks
        ]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose to whom")),
            *((key, _to_words(of, key, len(found))) for key, found in people.items()),
            (PICKED, _("people chosen below")),
        ]
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (number, names[number]) for number in sorted(names, key=names.__getitem__)
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def give(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The form, and what was given by hand before."""
    of, now = frame.line_or_404(actor, line_id), clock.now()
    people = _people(of)
    if request.method == "POST":
        form = GiveForm(of, people, request.POST)
        if form.is_valid():
            with frame.answered_by(form):
                count = _give(actor, of, people, form.cleaned_data)
                words = ngettext(
                    "%(count)s person has the task now.",
                    "%(count)s people have the task now.",
                    count,
                )
                messages.success(request, words % {"count": count})
                return redirect("line-task-give", line_id)
    else:
        form = GiveForm(of, people, initial={"key": uuid4(), "task": request.GET.get("task")})
    names = {task.key: task.name for task in playbooks.playbook(of.playbook_id).tasks}
    page = frame.paged(request, handouts.handouts(actor, line_id))
    context = line.head(actor, of, now, "line-tasks") | {
        "form": form,
        "page": page,
        "given": [(row, names.get(row.task, row.task)) for row in page.object_list],
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/line_task_give.html", context, here="lines", status=status
    )


def _give(actor: Actor, of: Line, people: dict[str, list[int]], wish: dict[str, Any]) -> int:
    chosen: Sequence[int] = people.get(wish["to"], wish["members"])
    return handouts.hand_out(actor, of.pk, wish["task"], chosen, wish["reason"], wish["key"])


def _people(of: Line) -> dict[str, list[int]]:
    """Whom a task can be given to together: all, those who passed, a group, a level."""
    seated = seats.seated(of.pk)
    levels = ladder.level(seated)
    found = {"seated": seated, "passed": seats.passed(of.pk)}
    for phase in lines.phases(of.pk):
        inside = set(groups.inside(phase.group_id))
        found[f"group-{phase.number}"] = [member for member in seated if member in inside]
    found["newcomer"] = [member for member in seated if member not in levels]
    for level in Level.values:
        found[level] = [member for member in seated if levels.get(member) == level]
    return {key: people for key, people in found.items() if people or key == "seated"}


def _to_words(of: Line, key: str, count: int) -> str:
    if key.startswith("group-"):
        phase = lines.phases(of.pk)[int(key.removeprefix("group-")) - 1]
        what = _("group «%(group)s»") % {"group": phase.name}
    elif key in Level.values:
        what = str(Level(key).label)
    else:
        what = {
            "seated": _("everybody in the line"),
            "passed": _("who passed"),
            "newcomer": _("newcomers"),
        }[key]
    return _("%(who)s (%(count)s)") % {"who": what, "count": count}
