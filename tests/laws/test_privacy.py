"""Everything personal is in the file a person takes along, and gone when they are erased."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Field, Model

from loop28.back.finance.models import Payee
from loop28.back.ledger.models import Account, Transfer
from loop28.front.evidence.models import Proof, Review
from loop28.front.groups.models import Complaint, Message, Notice
from loop28.front.ladder.models import Demotion, DemotionState, Offer, Promotion
from loop28.front.lines.models import Line, Mend
from loop28.front.privacy import actions, queries
from loop28.front.referrals.models import Dispute, Lock
from loop28.front.tasks.models import Assignment, Happening, Step
from loop28.insight import audit
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.members import tags
from tests.laws.personal import (
    ABOUT_THEM,
    ELSEWHERE,
    OURS,
    THEIRS,
    WORDS_OF_OURS,
)
from tests.laws.world import World, build
from tests.line_kit import moving_clock
from tests.raw import everywhere

TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.UUIDField,
    models.GenericIPAddressField,
)


def _columns() -> Iterator[tuple[type[Model], "Field[Any, Any]"]]:
    """Every column that can hold what somebody typed; a choice is a word of ours, a key of a form
    is chance.
    """
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TEXTS) and not field.choices and not _is_chance(field):
                yield model, field


def _is_chance(field: "Field[Any, Any]") -> bool:
    return isinstance(field, models.UUIDField) and field.model._meta.label != "members.Member"


def test_every_text_in_every_table_is_known_to_be_a_persons_or_ours() -> None:
    ours = {name for names in OURS.values() for name in names.split()}
    beside = {f"{label}.{name}" for label, names in WORDS_OF_OURS.items() for name in names.split()}
    known = {*THEIRS, *ABOUT_THEM, *ELSEWHERE, *beside}
    there = {f"{model._meta.label}.{field.name}" for model, field in _columns()}
    labels = {name.rpartition(".")[0] for name in there}
    assert sorted(n for n in there - known if n.rpartition(".")[0] not in ours) == []
    assert sorted(known - there) == [], "a column that is no more"
    assert sorted(ours - labels) == [], "a model that is no more, or holds no text"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with moving_clock():
        yield build()


def _rows_of_everything(world: World, me: int) -> None:
    """What the world does not have of the insider yet."""
    line = Line.objects.get(pk=cast("int", world.ids["line_id"]))
    group = cast("int", world.ids["group_id"])
    now = clock.now()
    members.identify(SYSTEM, me, "weidian", "buyer")
    tags.tag(SYSTEM, me, "word")
    said = Message.objects.create(
        group_id=group, platform="house", external_id="x", member_id=me, as_host=False,
        kind="text", text="…", at=now,
    )  # fmt: skip
    Notice.objects.create(key="x", member_id=me, group_id=group, text="…", planned_at=now)
    Complaint.objects.create(
        key="x", group_id=group, message=said, about_id=me, cause="other", first="host", at=now
    )
    Payee.objects.get_or_create(account="622202", defaults={"member": me})
    task = Assignment.objects.filter(member=me).first()
    assert task is not None
    Happening.objects.create(
        key="machine:1:a", member_id=me, kind="visited", subject="a", at=now, fields={"a": "b"}
    )
    Step.objects.create(assignment=task, subject="a", at=now)
    Assignment.objects.filter(pk=task.pk).update(done_at=now, evidence="machine:1:a")
    proof = Proof.objects.get(assignment__member=me)
    Review.objects.create(
        proof=proof, look="first", decision="rejected", why="other", words="…", at=now
    )
    step = Promotion.objects.filter(member=me).first()
    assert step is not None
    Demotion.objects.create(
        promotion=step, cause="idle", state=DemotionState.PROPOSED, proposed_at=now
    )
    Offer.objects.create(
        host_id=me, start_day=now.date(), region=line.region, playbook=line.playbook, size=20,
        budget_fen=1, answer_by=now, offered_at=now,
    )  # fmt: skip
    Mend.objects.create(line=line, kind="host", former_id=me, host=line.host, reason="…", at=now)
    lock = Lock.objects.exclude(promoter=me).first() or Lock.objects.get()
    click = lock.link.clicks.get()
    Dispute.objects.create(lock=lock, claimant_id=me, click=click, reason="…", at=now)


def _planted(me: int, name: str, way: str) -> bytes:
    """Write a text of its own into this column of the person's row."""
    label, _dot, field = name.rpartition(".")
    model = apps.get_model(label)
    row = model._default_manager.filter(**{way: me}).order_by("-pk").first()
    assert row is not None, f"the world has no row for {name}"
    column = cast("Field[Any, Any]", model._meta.get_field(field))
    text = f"Ω{[*THEIRS, *ABOUT_THEM].index(name):02}{name}"[: column.max_length or 40]
    value: object = {text: text} if isinstance(column, models.JSONField) else text
    if name in {"tasks.Step.subject", "tasks.Assignment.evidence"}:
        return b""  # these repeat what a fact says of itself
    model._default_manager.filter(pk=row.pk).update(**{field: value})
    return text.encode()


def test_what_a_person_left_anywhere_is_in_their_file_and_gone_when_they_are_erased(
    world: World,
) -> None:
    me = cast("int", world.ids["insider_id"])
    _rows_of_everything(world, me)
    exported = {name: _planted(me, name, way) for name, way in THEIRS.items()}
    hidden = {name: _planted(me, name, way) for name, (way, _why) in ABOUT_THEM.items()}
    fact = Happening.objects.get(member=me, kind="visited")
    Step.objects.filter(assignment__member=me).update(subject=fact.subject)
    Assignment.objects.filter(evidence="machine:1:a").update(evidence=fact.key)
    told = str([[str(cell) for cell in row] for t in queries.about(SYSTEM, me) for row in t.rows])
    assert [name for name, text in exported.items() if text.decode() not in told] == []
    planted = {text for text in (*exported.values(), *hidden.values()) if text}
    assert everywhere(planted) == planted
    audited, books = audit.differences(), _books()
    actions.erase(SYSTEM, [me])
    assert everywhere(planted) == set()
    assert audit.differences() == audited
    assert _books()[: len(books)] == books
    written = _written()
    actions.erase(SYSTEM, [me])
    assert _written() == written, "again it changes nothing"


def _books() -> list[tuple[Any, ...]]:
    columns = ("reference", "debit", "credit", "amount", "basis", "movement", "at")
    return list(Transfer.objects.order_by("id").values_list(*columns))


def _written() -> tuple[int, int, int]:
    return Entry.objects.count(), Transfer.objects.count(), Account.objects.count()
