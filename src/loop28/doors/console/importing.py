"""People out of files: looked at in a dry run first, taken in then."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.back.people import files
from loop28.back.people import importing as staff
from loop28.back.people.models import ImportFile, ImportKind
from loop28.doors import gate
from loop28.doors.console import frame
from loop28.doors.files import table
from loop28.front.ladder import importing as owners
from loop28.kernel import journal, tables
from loop28.kernel.access import Actor, Role
from loop28.kernel.tables import Outcome, State
from loop28.middle.members import importing as members

_BY_KIND: Mapping[str, ModuleType] = {
    ImportKind.MEMBERS: members,
    ImportKind.OWNERS: owners,
    ImportKind.STAFF: staff,
}
_EXAMPLES: Mapping[str, Sequence[str]] = {
    ImportKind.MEMBERS: ("A-1024", "陈思远", "杭州", "宝妈、团购"),
    ImportKind.OWNERS: ("A-1025", "林小满", "苏州", "", "店主"),
    ImportKind.STAFF: ("li.na", "李娜", "大区经理", "华东"),
}
STATES = (
    (State.NEW, pgettext_lazy("row", "new"), "good"),
    (State.CHANGED, pgettext_lazy("row", "changed"), "warn"),
    (State.KNOWN, pgettext_lazy("row", "known already"), ""),
    (State.REFUSED, pgettext_lazy("row", "refused"), "bad"),
)
SHOWN = 500


class ImportForm(forms.Form):
    """A file of people of one kind."""

    kind = forms.ChoiceField(label=gettext_lazy("Who is in it"), choices=ImportKind.choices)
    file = forms.FileField(label=gettext_lazy("CSV or XLSX file"), allow_empty_file=True)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a file; what is uploaded is looked at before anything comes of it."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if form.is_valid():
        with frame.answered_by(form):
            return redirect("import-file", _keep(actor, **form.cleaned_data).pk)
    context = {
        "form": form,
        "kinds": [(kind, kind.label, _columns(kind)) for kind in ImportKind],
        "files": files.files(actor)[: frame.ROWS],
        "max_rows": files.MAX_ROWS,
    }
    status = frame.status_of(form)
    return frame.show(request, actor, "console/import.html", context, here="import", status=status)


def _keep(actor: Actor, kind: str, file: Any) -> ImportFile:
    """Refuse at once what cannot be read, next to the form."""
    data = file.read(tables.MAX_BYTES + 1)
    _read(kind, data)
    return files.keep(actor, kind, str(file.name), data)


def _read(kind: str, data: bytes) -> list[tables.Row]:
    module = _BY_KIND[kind]
    return tables.read(data, module.COLUMNS, module.REQUIRED, max_rows=files.MAX_ROWS)


def _columns(kind: str) -> list[tuple[str, str, bool]]:
    """The columns of a kind: name, the name in Chinese, whether it must be there."""
    module = _BY_KIND[kind]
    return [(name, also[0], name in module.REQUIRED) for name, also in module.COLUMNS.items()]


@require_safe
@gate.staff_page(Role.ADMINISTRATOR)
def template(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """A file to fill in, with one example, as spreadsheets open it."""
    if kind not in _BY_KIND:
        raise Http404
    chinese = (get_language() or "").startswith("zh")
    heading = [also if chinese else name for name, also, _ in _columns(kind)]
    return table(f"loop28-{kind}", [heading, _EXAMPLES[kind]])


@require_safe
@gate.staff_page(Role.ADMINISTRATOR)
def show(request: HttpRequest, actor: Actor, file_id: int) -> HttpResponse:
    """What would come of a file, row by row, before it is taken in; afterwards what came of it."""
    file = _file_or_404(actor, file_id)
    outcomes = None
    if file.done_at is None:
        outcomes = journal.undone(_take_in, actor, file_id)
    return _report(request, actor, file, outcomes)


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def take_in(request: HttpRequest, actor: Actor, file_id: int) -> HttpResponse:
    """Take in exactly the file that was looked at."""
    _file_or_404(actor, file_id)
    outcomes = _take_in(actor, file_id)
    return _report(request, actor, _file_or_404(actor, file_id), outcomes)


@journal.action
def _take_in(actor: Actor, file_id: int) -> list[Outcome]:
    """The dry run does all of this, too, and rolls it back."""
    file = files.opened(actor, file_id)
    take: Callable[..., list[Outcome]] = _BY_KIND[file.kind].take_in
    outcomes = take(actor, _read(file.kind, bytes(file.data)))
    files.close(actor, file, outcomes)
    return outcomes


def _file_or_404(actor: Actor, file_id: int) -> ImportFile:
    found = files.files(actor).filter(pk=file_id).first()
    if found is None:
        raise Http404
    return found


def _report(
    request: HttpRequest, actor: Actor, file: ImportFile, outcomes: list[Outcome] | None
) -> HttpResponse:
    counts = file.counts if outcomes is None else Counter(o.state.value for o in outcomes)
    rows = outcomes or []
    refused = [row for row in rows if row.state is State.REFUSED]
    others = [row for row in rows if row.state is not State.REFUSED]
    labels = {state: (label, tone) for state, label, tone in STATES}
    context = {
        "file": file,
        "figures": [(label, counts.get(state.value, 0), tone) for state, label, tone in STATES],
        "rows": [(row, *labels[row.state]) for row in (refused + others)[:SHOWN]],
        "left": len(rows) - SHOWN,
        "worth": any(row.state in {State.NEW, State.CHANGED} for row in rows),
        "members": file.kind != ImportKind.STAFF,
    }
    return frame.show(request, actor, "console/import_file.html", context, here="import")
