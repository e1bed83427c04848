"""``GET /api/openapi.json``: what machines may send and what they get back, from the same models
that read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from loop28.doors.api import facts, orders


@dataclass(frozen=True)
class Door:
    """A POST: what it takes, what it answers, and each field in words."""

    summary: str | Promise
    sent: type[BaseModel]
    answered: type[BaseModel]
    fields: Mapping[str, str | Promise]


DOORS = {
    "/api/facts": Door(
        _("Tell what happened; tasks move"), facts.FactsSent, facts.FactsAnswered, facts.CURES
    ),
    "/api/orders": Door(
        _("Report orders and refunds"), orders.OrdersSent, orders.OrdersAnswered, orders.CURES
    ),
}
_REFUSALS = {
    "400": _("No JSON object"),
    "401": _("No key, or one that is revoked"),
    "413": _("Too much at once"),
    "422": _("Another form than agreed"),
    "503": _("Very busy: nothing was taken in, send it again after Retry-After"),
}
_SCHEMAS = "#/components/schemas/"
Names = dict[Any, str]


class Refused(BaseModel):
    """Why the whole was refused: a code for programs, a message for people, the field meant."""

    code: str
    field: str
    message: str


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The description, in the language of whoever reads it. It names no secret: anybody may."""
    return JsonResponse(description())


def description() -> dict[str, Any]:
    """An OpenAPI document of all doors for machines."""
    names, schemas = _models()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Loop28", "version": "1", "description": str(_("JSON for machines."))},
        "security": [{"key": []}],
        "paths": {path: {"post": _operation(path, names)} for path in DOORS},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models() -> tuple[Names, dict[str, Any]]:
    """The schema of every model, and by what name the paths point to it."""
    wanted: list[tuple[type[BaseModel], Any]] = [(Refused, "serialization")]
    for door in DOORS.values():
        wanted += [(door.sent, "validation"), (door.answered, "serialization")]
    found, schemas = models_json_schema(wanted, ref_template=_SCHEMAS + "{model}")
    names = {key[0]: schema["$ref"].removeprefix(_SCHEMAS) for key, schema in found.items()}
    for door in DOORS.values():
        batch = schemas["$defs"][names[door.sent]]
        items = next(iter(batch["properties"].values()))["items"]["$ref"]
        for schema in (batch, schemas["$defs"][items.removeprefix(_SCHEMAS)]):
            for name, field in schema["properties"].items():
                field["description"] = str(door.fields[name])
    return names, schemas["$defs"]


def _operation(path: str, names: Names) -> dict[str, Any]:
    door = DOORS[path]
    refusals = {
        status: {"description": str(why), "content": _json(names[Refused])}
        for status, why in _REFUSALS.items()
    }
    answer = {
        "description": str(_("What came of each, in the order in which they were sent")),
        "content": _json(names[door.answered]),
    }
    return {
        "operationId": path.rpartition("/")[2],
        "summary": str(door.summary),
        "requestBody": {"required": True, "content": _json(names[door.sent])},
        "responses": {"200": answer} | refusals,
    }


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _SCHEMAS + name}}}
