"""The body of a request: a JSON object with a list in it, refused by its first mistake."""

from collections.abc import Mapping
from typing import Any, TypeVar

from annotated_types import MaxLen
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from loop28.kernel.refusals import Refusal

B = TypeVar("B", bound=BaseModel)


class TooMuch(Refusal):
    """A request beyond the limits."""

    message = _("Too much at once: at most %(most)s %(what)s and %(megabytes)s MB. Send several.")
    status = 413


class NotJson(Refusal):
    """The body is no JSON object."""

    message = _('Send a JSON object in UTF-8: {"%(what)s": […]}. The problem: %(problem)s')
    status = 400


class FormWrong(Refusal):
    """The JSON has another form than agreed."""

    message = "%(why)s"
    status = 422


def read(request: HttpRequest, form: type[B], cures: Mapping[str, str | Promise]) -> B:
    """What was sent, in the form of ``form``, whose first field is the list.

    Refuses with TooMuch what has more items than that list may or more bytes than
    DATA_UPLOAD_MAX_MEMORY_SIZE, with NotJson, and with FormWrong by the first mistake and its cure.
    Lists must be FailFast: a mistake in each of a hundred thousand items would fill the memory.
    """
    what = next(iter(form.model_fields))
    try:
        return form.model_validate_json(request.body)
    except RequestDataTooBig:
        raise _too_much(form, what) from None
    except ValidationError as errors:
        raise _refusal(errors, form, what, cures) from None


def _too_much(form: type[BaseModel], what: str) -> TooMuch:
    (most,) = [m.max_length for m in form.model_fields[what].metadata if isinstance(m, MaxLen)]
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return TooMuch(most=most, what=what, megabytes=megabytes)


def _refusal(
    errors: ValidationError, form: type[BaseModel], what: str, cures: Mapping[str, str | Promise]
) -> Refusal:
    """The first mistake, by its place such as ``orders[3].yuan``, and its cure."""
    first = errors.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return NotJson(what=what, problem=first["ctx"]["error"])
    if first["type"] == "too_long" and first["loc"] == (what,):
        return _too_much(form, what)
    steps = [step for step in first["loc"] if step != "[key]"]  # says that a name is what is wrong
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    if not place:
        return NotJson(what=what, problem=first["msg"])
    if first["type"] == "extra_forbidden":
        known = _fields(form, what) if len(steps) > 1 else list(form.model_fields)
        cure: Any = _("There is no such field. The fields are: %(known)s.") % {
            "known": ", ".join(known)
        }
    else:
        # What is inside of an item's field, or of another list, is mended by that field's words.
        meant = steps[2:3] if steps[0] == what and len(steps) > 1 else steps[:1]
        whole = _("An object with the fields of one of them.")
        cure = cures[str(meant[0])] if meant else whole
    return FormWrong(field=place[1:121], why=cure)


def _fields(form: type[BaseModel], what: str) -> list[str]:
    """The fields of an item of the list."""
    (item,) = form.model_fields[what].annotation.__args__  # type: ignore[union-attr]
    return list(item.model_fields)
