"""A picture that proves a task: sent by a member, seen by them and by those who review it."""

from django.contrib import messages as notes
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.member.tasks import mine_or_404
from loop28.front.evidence import actions, queries
from loop28.front.evidence.refusals import PictureMissing
from loop28.kernel import pictures
from loop28.kernel.access import Actor
from loop28.kernel.refusals import Refusal


@gate.member_page
@require_POST
def send(request: HttpRequest, actor: Actor, assignment_id: int) -> HttpResponse:
    """Hand a picture in; it is made anew before anything is kept."""
    mine_or_404(actor, assignment_id)
    try:
        file = request.FILES.get("picture")
        if file is None:
            raise PictureMissing
        made = pictures.made_anew(file, file.name or "", field="picture")
        actions.send(actor, assignment_id, made)
    except Refusal as no:
        notes.error(request, str(no))
    else:
        notes.success(request, _("Your picture is with the review desk. You read here what comes."))
    return redirect("task", assignment_id)


@require_GET
def picture(request: HttpRequest, proof_id: int, digest: str) -> HttpResponse:
    """The picture's file, for who may look at it and knows its address to the last letter.

    A phone can be a member's, and staff be signed in on it.
    """
    for actor in (gate.staff_of(request), gate.member_of(request)):
        found = queries.picture(actor, proof_id, digest) if actor else None
        if found is not None and default_storage.exists(found.file):
            with default_storage.open(found.file) as file:
                answer = HttpResponse(file.read(), content_type="image/jpeg")
            answer["Cache-Control"] = "private, max-age=3600"
            return answer
    raise Http404
