"""The register of orders, and the file by which a shop's orders come in."""

import unicodedata

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.kernel.access import Actor
from loop28.middle.orders import actions, queries, reading
from loop28.middle.orders.rules import State


@require_safe
@gate.staff_page(*roles.ORDER_READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Reported orders, the latest payment first; searched by number, shop, seller or buyer."""
    rows = queries.orders(actor)
    typed = request.GET.get("q", "")[:80]
    wanted = " ".join(unicodedata.normalize("NFKC", typed).replace("\0", "").split())
    if wanted:
        rows = rows.filter(
            Q(external_id__icontains=wanted)
            | Q(shop__icontains=wanted)
            | Q(buyer__icontains=wanted)
            | Q(member__name__icontains=wanted)
        )
    context = {
        "page": frame.paged(request, rows),
        "q": typed,
        "may_report": actor.role in roles.REPORTERS,
    }
    return frame.show(request, actor, "console/orders.html", context, here="orders")


OUTCOMES = (
    (State.NEW, gettext_lazy("new"), "good"),
    (State.KNOWN, gettext_lazy("known already"), ""),
    (State.REFUNDED, gettext_lazy("refunded"), "warn"),
    (State.REFUSED, gettext_lazy("refused"), "bad"),
)


class FileForm(forms.Form):
    """A file of orders."""

    file = forms.FileField(label=gettext_lazy("CSV file"), allow_empty_file=True)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.REPORTERS)
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a file in and report row by row what came of it."""
    report, posted = None, request.method == "POST"
    form = FileForm(request.POST, request.FILES) if posted else FileForm()
    if posted and form.is_valid():
        with frame.answered_by(form):
            file = form.cleaned_data["file"]
            report = actions.report_file(actor, file.read(reading.MAX_BYTES + 1))
    context = {
        "form": form,
        "report": report,
        "figures": [(label, report.counts[state], tone) for state, label, tone in OUTCOMES]
        if report
        else [],
        "columns": reading.COLUMNS,
        "required": reading.REQUIRED,
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/orders_upload.html", context, here="orders", status=status
    )
