"""What becomes of pictures when two records are one person, and when consent is taken back."""

import pytest
from django.core.files.storage import default_storage

from loop28.front.evidence import actions, queries
from loop28.front.evidence.models import Proof, Review
from loop28.front.tasks.models import Assignment
from loop28.insight import audit
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.members import merging
from tests.front.evidence.kit import approve, passing, reject, reviewer, send, task_of
from tests.front.tasks.kit import own, wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(line):
    """Two records of one person, both with the task."""
    return passing(line, 2)


def merge(kept, lost):
    merging.merge(SYSTEM, kept, lost)
    assert audit.differences() == []


def test_a_picture_goes_with_the_task_that_goes_into_the_other_one(line, two):
    kept, lost = two
    proof = send(line, lost)
    merge(kept, lost)
    proof.refresh_from_db()
    assert proof.assignment == task_of(line, kept)
    approve(proof, reviewer(line))
    assert task_of(line, kept).done_at
    assert list(queries.proofs(own(kept))) == [proof]


def test_pictures_of_both_stand_in_one_row_and_the_task_is_done_once(line, two):
    kept, lost = two
    reject(send(line, kept), reviewer(line))
    mine, theirs = send(line, kept, "blue"), send(line, lost, "green")
    merge(kept, lost)
    assert list(Proof.objects.order_by("nth").values_list("nth", flat=True)) == [1, 2, 3]
    before = wallet(kept)
    for proof in (mine, theirs):
        proof.refresh_from_db()
        approve(proof, reviewer(line))
    assert wallet(kept) - before == 200
    assert audit.differences() == []


def test_what_either_had_done_is_done_and_keeps_its_picture(line, two):
    kept, lost = two
    approve(send(line, lost), reviewer(line))
    waiting = send(line, kept, "blue")
    merge(kept, lost)
    task = task_of(line, kept)
    assert task.done_at
    assert Assignment.objects.filter(task="own-words").count() == 1
    assert Proof.objects.filter(assignment=task).count() == 2
    reject(Proof.objects.get(pk=waiting.pk), reviewer(line))
    assert task_of(line, kept).done_at


def test_of_a_task_that_both_did_each_picture_stays_where_it_is(line, two):
    kept, lost = two
    for member, colour in ((kept, "red"), (lost, "blue")):
        approve(send(line, member, colour), reviewer(line))
    merge(kept, lost)
    assert set(Proof.objects.values_list("assignment__member", flat=True)) == {kept, lost}


def test_pictures_of_both_records_are_erased_and_decisions_stay(
    line, two, django_capture_on_commit_callbacks
):
    kept, lost = two
    for member, colour in ((kept, "red"), (lost, "blue")):
        approve(send(line, member, colour), reviewer(line))
    files = list(Proof.objects.values_list("file", flat=True))
    merge(kept, lost)
    with django_capture_on_commit_callbacks(execute=True):
        members.withdraw_consent(own(kept), kept)
    assert not any(map(default_storage.exists, files))
    assert set(Proof.objects.values_list("file", "digest", "original")) == {("", "", "")}
    assert Review.objects.count() == 2
    assert Entry.objects.get(kind="ProofsErased").data["proofs"] == 2


def test_what_was_erased_is_like_nothing_and_can_be_sent_for_anew(line, two):
    one = two[0]
    for member, colour in zip(two, ("red", "blue"), strict=True):
        send(line, member, colour)
    actions.erase(SYSTEM, two)
    assert queries.duplicates(SYSTEM, Proof.objects.first()).count == 0
    assert send(line, one).nth == 2
    assert not any(vars(p)["seen_before"] for p in queries.queue(reviewer(line).actor))
