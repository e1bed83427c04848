"""What is kept for a time only goes when it is over; a dry run says so first; the books stay."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from loop28.back.finance.models import Payout, PayoutState
from loop28.back.ledger.models import Transfer
from loop28.back.people import files
from loop28.front.circles.models import Circle, Invite
from loop28.front.evidence.models import Proof
from loop28.front.groups.models import Complaint, Message, Notice
from loop28.front.privacy import retention
from loop28.front.privacy.models import Sweep
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from tests.circle_kit import open_circle
from tests.line_kit import group, open_line, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(at):
    """One of everything that has a time, all of now."""
    line, (who,) = open_line(), people(1)
    now, where = clock.now(), group(line)
    Message.objects.create(
        group_id=where, platform="house", external_id="a", member_id=who, as_host=False,
        kind="text", text="你好", at=now,
    )  # fmt: skip
    Message.objects.create(
        group_id=where, platform="house", external_id="b", as_host=True, kind="text",
        text="节目", at=now,
    )  # fmt: skip
    Notice.objects.create(key="a", member_id=who, group_id=where, text="你好", planned_at=now)
    Complaint.objects.create(
        key="a", group_id=where, by_id=who, cause="other", words="吵", first="host", at=now,
        decided_at=now,
    )  # fmt: skip
    Payout.objects.create(
        member=who, fen=100, payee="王", payee_account="6222", state=PayoutState.PAID,
        asked_at=now, settled_at=now, request_key="a",
    )  # fmt: skip
    Invite.objects.create(circle=_circle(line), member_id=who, answer="open", invited_at=now)
    files.keep(SYSTEM, "members", "a.csv", b"a,b")
    Session.objects.create(session_key="a", session_data="a", expire_date=now)
    task = Assignment.objects.create(
        line=line, member_id=who, task="quiz", kind="quiz", opening="beat:1", opened_at=now,
        closes_at=now,
    )  # fmt: skip
    Proof.objects.create(
        assignment=task, nth=1, file=default_storage.save("proofs/a.jpg", ContentFile(b"a")),
        digest="a", width=1, height=1, sent_at=now, state="approved", decided_at=now,
    )  # fmt: skip
    return line


def _circle(line):
    return Circle.objects.get(pk=open_circle(host=line.host_id).pk)


def counts(**options):
    return {kept.key: count for kept, count in retention.sweep(SYSTEM, **options) if count}


KINDS = ["messages", "notices", "complaints", "payees", "invitations", "files", "sessions"]


@pytest.mark.parametrize("kind", [*KINDS, "pictures"])
def test_each_kind_goes_when_its_time_is_over_and_not_before(filled, at, kind):
    (kept,) = [kept for kept in retention.KEPT if kept.key == kind]
    begin = clock.now()
    at(begin + timedelta(days=kept.days))
    assert kind not in counts(dry_run=True)
    at(begin + timedelta(days=kept.days, microseconds=1))
    assert counts(dry_run=True)[kind] == 1
    assert counts(dry_run=True)[kind] == 1, "a dry run throws nothing away"
    assert counts()[kind] == 1
    assert kind not in counts()
    assert Entry.objects.filter(kind="TimeUp", data__kind=kind).count() == 1


def test_after_three_years_words_are_gone_and_books_stay(
    filled, at, django_capture_on_commit_callbacks
):
    transfers, entries = Transfer.objects.count(), Entry.objects.count()
    at(clock.now() + timedelta(days=retention.THREE_YEARS + 1))
    with django_capture_on_commit_callbacks(execute=True):
        counts()
    assert set(Message.objects.values_list("external_id", "text")) == {("a", ""), ("b", "节目")}
    payout = Payout.objects.get()
    assert (payout.payee, payout.payee_account, payout.fen) == ("", "", 100)
    assert Complaint.objects.get().words == ""
    assert not default_storage.exists("proofs/a.jpg")
    assert Transfer.objects.count() == transfers
    assert Entry.objects.count() > entries


def test_the_worker_does_it_once_a_night(filled, at):
    night = clock.at_local(clock.local_day(clock.now(), retention.ZONE), 4, 0, retention.ZONE)
    at(night + timedelta(days=1) - timedelta(microseconds=1))
    run_due(clock.now())
    before = Sweep.objects.count()
    at(night + timedelta(days=1))
    run_due(clock.now())
    run_due(clock.now())
    assert Sweep.objects.count() == before + 1


def test_nobody_but_the_house_sweeps(at):
    for actor in (Actor(Role.MEMBER, 1), Actor(Role.ADMINISTRATOR, 1)):
        with pytest.raises(NotAllowed):
            retention.sweep(actor, dry_run=True)
