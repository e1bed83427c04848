"""A picture is sent, looked at, approved or turned down; and what that does to the task."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from loop28.front.evidence import actions, queries, refusals
from loop28.front.evidence.models import Proof, Review, State
from loop28.front.evidence.queries import Duplicates
from loop28.front.groups.models import Notice
from loop28.front.lines import actions as lines
from loop28.front.lines.refusals import NotInLine
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions as task_actions
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.refusals import NeedsPicture, TaskClosed
from loop28.insight import audit
from loop28.kernel import chance, clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from loop28.middle.members import actions as members
from loop28.middle.members.refusals import ConsentMissing
from tests.factories import region, staff
from tests.front.evidence.kit import (
    ALWAYS_AGAIN,
    PAYS_MUCH,
    approve,
    open_line,
    passing,
    picture,
    reject,
    reviewer,
    send,
    task_of,
)
from tests.front.tasks.kit import held, own, wallet
from tests.line_kit import live_until, local, seated

pytestmark = pytest.mark.django_db


def facts(kind):
    return Entry.objects.filter(kind=kind).count()


class TestSending:
    def test_a_picture_waits_for_a_first_look_and_its_file_is_kept(self, line, sender):
        proof = send(line, sender)
        assert (proof.nth, proof.state, proof.look) == (1, "waiting", "first")
        with default_storage.open(proof.file) as file:
            assert file.read() == picture().jpeg
        assert not task_of(line, sender).done_at
        assert facts("ProofSent") == 1

    def test_the_same_one_twice_is_once(self, line, sender):
        assert send(line, sender) == send(line, sender)
        assert facts("ProofSent") == Proof.objects.count() == 1

    def test_another_one_waits_its_turn(self, line, sender):
        send(line, sender)
        with pytest.raises(refusals.PictureWaits):
            send(line, sender, "blue")

    def test_after_one_that_was_turned_down_another_one_comes_and_not_the_same(self, line, sender):
        reject(send(line, sender), reviewer(line))
        with pytest.raises(refusals.PictureTurnedDown):
            send(line, sender)
        assert send(line, sender, "blue").nth == 2

    def test_after_the_deadline_nothing_counts(self, line, sender, at):
        at(task_of(line, sender).closes_at + timedelta(microseconds=1))
        with pytest.raises(TaskClosed):
            send(line, sender)

    def test_who_was_turned_down_late_has_a_day_for_another_one(self, line, sender, at):
        proof = send(line, sender)
        at(task_of(line, sender).closes_at + timedelta(days=1))
        reject(proof, reviewer(line))
        at(task_of(line, sender).closes_at + timedelta(days=2))
        assert send(line, sender, "blue").nth == 2
        at(task_of(line, sender).closes_at + timedelta(days=9))
        reject(Proof.objects.get(nth=2), reviewer(line))
        at(task_of(line, sender).closes_at + timedelta(days=10, microseconds=1))
        with pytest.raises(TaskClosed):
            send(line, sender, "green")

    def test_nobody_proves_the_task_of_somebody_else(self, line, sender):
        task = task_of(line, sender).pk
        for actor in (Actor(Role.MEMBER, line.host_id), reviewer(line).actor):
            with pytest.raises(Assignment.DoesNotExist):
                actions.send(actor, task, picture())

    def test_a_task_that_asks_for_none_takes_none(self, line, sender):
        other = Assignment.objects.get(member=sender, task="name-shop")
        with pytest.raises(refusals.NoPictureNeeded):
            actions.send(own(sender), other.pk, picture())

    def test_what_is_done_takes_none(self, line, sender):
        approve(send(line, sender), reviewer(line))
        with pytest.raises(refusals.NoPictureNeeded):
            send(line, sender, "blue")

    def test_who_left_proves_nothing_more_and_what_they_sent_before_still_counts(self, line):
        one, other = passing(line, 2)
        sent = send(line, one)
        for member in (one, other):
            lines.leave(own(member), line.pk, member)
        with pytest.raises(NotInLine):
            send(line, other, "blue")
        approve(sent, reviewer(line))
        assert task_of(line, one).done_at

    def test_nothing_is_kept_of_who_took_their_consent_back(self, line, sender):
        members.withdraw_consent(own(sender), sender)
        with pytest.raises(ConsentMissing):
            send(line, sender)

    def test_the_host_has_nothing_to_tick(self, line, sender):
        host = Actor(Role.MEMBER, line.host_id)
        with pytest.raises(NeedsPicture):
            task_actions.tick(host, [task_of(line, sender).pk])
        waiting = tasks.to_tick(host, line.pk).values_list("task", flat=True)
        assert set(waiting) == {"name-shop", "post-moment"}


class TestDeciding:
    def test_approved_it_is_done_as_of_when_it_was_sent(self, line, sender, at):
        proof = send(line, sender)
        sent = proof.sent_at
        at(task_of(line, sender).closes_at + timedelta(days=2))
        before = wallet(sender)
        approve(proof, reviewer(line))
        task = task_of(line, sender)
        assert (task.done_at, task.evidence) == (sent, f"proof:{proof.pk}")
        assert wallet(sender) - before == 200
        with pytest.raises(refusals.LookedAtAlready):
            approve(proof, reviewer(line))
        assert wallet(sender) - before == 200
        assert audit.differences() == []

    def test_turned_down_the_task_stays_open_and_the_member_reads_why(self, line, sender):
        proof = send(line, sender)
        actions.decide(
            reviewer(line).actor, proof.pk, "first", "rejected", "unreadable", "请在白天拍"
        )
        assert not task_of(line, sender).done_at
        notice = Notice.objects.get(key=f"proof:{proof.pk}:first")
        assert notice.member_id == sender
        assert "看不清" in notice.text
        assert "请在白天拍" in notice.text

    def test_a_no_says_why(self, line, sender):
        proof, actor = send(line, sender), reviewer(line).actor
        with pytest.raises(refusals.ReasonMissing):
            actions.decide(actor, proof.pk, "first", "rejected")
        with pytest.raises(TextMissing):
            actions.decide(actor, proof.pk, "first", "rejected", "other", " ")
        assert not Review.objects.exists()

    def test_much_money_needs_two_people(self, at, uploads):
        line = open_line(PAYS_MUCH)
        (member,) = passing(line)
        proof, first = send(line, member), reviewer(line)
        approve(proof, first)
        assert not task_of(line, member).done_at
        assert not Notice.objects.filter(key__startswith="proof:").exists()
        with pytest.raises(refusals.OtherEyes):
            approve(proof, first, "second")
        with pytest.raises(refusals.LookedAtAlready):
            approve(proof, reviewer(line))  # who had the page of the first look open
        assert not queries.queue(first.actor)
        assert queries.left_to_others(first.actor) == 1
        second = reviewer(line)
        assert list(queries.queue(second.actor)) == [proof]
        approve(proof, second, "second")
        assert task_of(line, member).done_at

    def test_the_database_refuses_a_second_look_by_the_same_eyes(self, line, sender):
        proof, first = send(line, sender), reviewer(line)
        approve(proof, first)
        again = {"proof": proof, "by": first, "decision": "approved", "at": clock.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(look="again", **again)
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(look="first", **again | {"by": reviewer(line)})

    def test_only_those_who_review_in_this_region_see_it(self, line, sender):
        proof = send(line, sender)
        may = {
            "manager": reviewer(line),
            "middle": staff(Role.MIDDLE),
            "administrator": staff(),
            "finance": staff(Role.FINANCE),
            "auditor": staff(Role.AUDITOR),
            "elsewhere": staff(Role.REGION_MANAGER, region("HN")),
        }
        where = (proof.pk, proof.digest)
        seen = {who for who, one in may.items() if queries.picture(one.actor, *where)}
        assert seen == {"manager", "middle", "administrator"}
        assert {who for who, one in may.items() if queries.queue(one.actor)} == seen
        with pytest.raises(NotAllowed):
            approve(proof, may["auditor"])
        with pytest.raises(Proof.DoesNotExist):
            approve(proof, may["elsewhere"])

    def test_only_who_sent_it_sees_it_among_the_members(self, line):
        one, other = passing(line, 2)
        proof = send(line, one)
        assert queries.picture(own(one), proof.pk, proof.digest) == proof
        for actor in (own(other), own(line.host_id)):
            assert queries.picture(actor, proof.pk, proof.digest) is None
        assert queries.picture(own(one), proof.pk, "0" * 64) is None


class TestAgain:
    @pytest.fixture
    def approved(self, at, uploads):
        """A picture of a task of which all are looked at once more, approved by one person."""
        line = open_line(ALWAYS_AGAIN)
        (member,) = passing(line)
        proof = send(line, member)
        return line, member, approve(proof, reviewer(line))

    def test_its_reward_is_held_until_then(self, approved):
        line, member, proof = approved
        assert (proof.state, proof.look) == ("approved", "again")
        assert task_of(line, member).done_at
        assert held(line) == 200

    def test_found_false_the_reward_and_the_task_are_taken_back(self, approved):
        line, member, proof = approved
        before = wallet(member)
        reject(proof, reviewer(line), "again", "not_own")
        task = task_of(line, member)
        assert (task.done_at, task.taken_back) == (None, 1)
        assert (held(line), wallet(member)) == (0, before)
        assert facts("TaskTakenBack") == 1
        assert audit.differences() == []

    def test_a_new_picture_after_that_pays_once(self, approved, at):
        line, member, proof = approved
        reject(proof, reviewer(line), "again", "not_own")
        second = send(line, member, "blue")
        approve(second, reviewer(line))
        assert held(line) == 200
        approve(second, reviewer(line), "again")
        before = wallet(member)
        live_until(local(20, 9))
        assert wallet(member) - before == 200
        assert audit.differences() == []

    def test_found_true_it_stays_and_is_not_drawn_again(self, approved):
        line, member, proof = approved
        approve(proof, reviewer(line), "again")
        proof.refresh_from_db()
        assert (proof.state, proof.look) == ("approved", "")
        assert task_of(line, member).done_at
        assert Notice.objects.filter(key__startswith=f"proof:{proof.pk}:").count() == 1

    def test_what_was_paid_for_good_is_owed(self, approved):
        line, member, proof = approved
        live_until(local(20, 9))
        reject(proof, reviewer(line), "again", "not_own")
        assert task_of(line, member).done_at is None
        assert Entitlement.objects.get(member=member, state="reversed").owed == 200
        assert Proof.objects.get().state == State.REJECTED
        assert audit.differences() == []

    def test_a_share_is_drawn_and_kept(self, at, uploads):
        line = open_line(("proof: photo", "proof: photo\n    recheck: 50"))
        chance.seed(1)
        try:
            for n, member in enumerate(passing(line, 20)):
                approve(send(line, member, f"#0000{n:02d}"), staff())
        finally:
            chance.seed(None)
        assert 4 < Proof.objects.filter(look="again").count() < 16


class TestDuplicates:
    def test_the_same_picture_is_found_whoever_sent_it_and_wherever(self, line, elsewhere):
        (third,) = seated(elsewhere, 1)
        one, other = passing(line, 2)
        lines.let_in(SYSTEM, elsewhere.pk, [third])
        first, second = send(line, one), send(line, other)
        unlike, far = send(elsewhere, third, "blue"), staff().actor
        assert queries.duplicates(far, second) == Duplicates([first], 0)
        assert queries.duplicates(far, unlike) == Duplicates([], 0)
        assert [vars(p)["seen_before"] for p in queries.queue(far)] == [True, True, False]

    def test_by_its_file_too_should_we_keep_pictures_in_another_way_one_day(self, line):
        one, other = passing(line, 2)
        first, second = send(line, one), send(line, other)
        Proof.objects.filter(pk=first.pk).update(digest="of other days")
        assert queries.duplicates(staff().actor, second).seen == [first]

    def test_those_of_others_regions_are_counted_and_not_named(self, line, elsewhere):
        (there,) = seated(elsewhere, 1)
        (here,) = passing(line)
        lines.let_in(SYSTEM, elsewhere.pk, [there])
        proof, twin = send(line, here), send(elsewhere, there)
        assert queries.duplicates(reviewer(line).actor, proof) == Duplicates([], 1)
        assert queries.duplicates(staff().actor, proof) == Duplicates([twin], 0)

    def test_a_person_decides_about_it(self, line):
        one, other = passing(line, 2)
        for member in (one, other):
            approve(send(line, member), reviewer(line))
        assert Assignment.objects.filter(task="own-words", done_at__isnull=False).count() == 2


def test_what_else_somebody_sent_is_beside_it(line, sender):
    first = reject(send(line, sender), reviewer(line))
    second = send(line, sender, "blue")
    assert list(queries.history(reviewer(line).actor, second)) == [first]
    assert list(queries.history(SYSTEM, first)) == [second]


def test_the_oldest_comes_first(line, at):
    one, other = passing(line, 2)
    late = send(line, other)
    at(local(4, 10))
    early = send(line, one, "blue")
    assert list(queries.queue(reviewer(line).actor)) == [late, early]
