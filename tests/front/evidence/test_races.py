"""Many at once, and a process that ends in the middle: one picture, one decision, one reward."""

from functools import partial

import pytest
from django.core.files.storage import default_storage

from loop28.front.evidence import actions
from loop28.front.evidence.models import Proof, Review
from loop28.front.evidence.refusals import LookedAtAlready, OtherEyes, PictureWaits
from loop28.insight import audit
from loop28.middle.members import actions as members
from tests.factories import staff
from tests.front.evidence.kit import (
    ALWAYS_AGAIN,
    PAYS_MUCH,
    approve,
    open_line,
    passing,
    picture,
    reject,
    send,
    task_of,
)
from tests.front.tasks.kit import held, own, wallet
from tests.races import Died, dying_at, meanwhile, together

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(answers):
    return sorted(type(one).__name__ for one in answers)


def test_five_taps_are_one_picture(line, sender):
    answers = together(*[partial(send, line, sender)] * 5)
    assert len({one.pk for one in answers}) == 1
    assert Proof.objects.count() == 1


def test_of_two_pictures_at_once_one_is_taken_and_no_file_is_left_of_the_other(line, sender):
    answers = together(partial(send, line, sender, "red"), partial(send, line, sender, "blue"))
    assert kinds(answers) == ["PictureWaits", "Proof"]
    assert [one for one in answers if isinstance(one, PictureWaits)]
    (proof,) = Proof.objects.all()
    (other,) = {picture("red").digest, picture("blue").digest} - {proof.digest}
    assert default_storage.exists(proof.file)
    assert not default_storage.exists(proof.file.replace(proof.digest, other))


def test_a_picture_sent_while_consent_is_taken_back_goes_with_the_others(line, sender):
    takes_back = partial(members.withdraw_consent, own(sender), sender)
    with meanwhile(takes_back, after='FROM "members_consent"') as answers:
        send(line, sender)
    assert answers == [None]
    assert not Proof.objects.exclude(file="").exists()


def test_two_reviewers_at_once_come_to_one_decision(line, sender):
    proof, before = send(line, sender), wallet(sender)
    people = [staff() for _ in range(4)]
    calls = [partial(approve, proof, one) for one in people[:2]]
    calls += [partial(reject, proof, one) for one in people[2:]]
    answers = together(*calls)
    assert sum(isinstance(one, LookedAtAlready) for one in answers) == 3
    decision = Review.objects.get().decision
    assert bool(task_of(line, sender).done_at) == (decision == "approved")
    assert wallet(sender) - before == (200 if decision == "approved" else 0)
    assert audit.differences() == []


def test_one_person_who_presses_twice_is_never_two_people(at, uploads):
    line = open_line(PAYS_MUCH)
    (member,) = passing(line)
    proof, one = send(line, member), staff()
    calls = [partial(approve, proof, one, look) for look in ("first", "second")] * 2
    answers = together(*calls)
    assert {type(a) for a in answers} <= {Proof, LookedAtAlready, OtherEyes}
    assert Review.objects.count() == 1
    assert not task_of(line, member).done_at


def test_a_decision_that_breaks_off_leaves_nothing_and_can_be_made_again(line, sender):
    proof, one, before = send(line, sender), staff(), wallet(sender)
    statement = 1
    while True:
        try:
            with dying_at(statement):
                approve(proof, one)
        except Died:
            assert not Review.objects.exists()
            assert not task_of(line, sender).done_at
            assert wallet(sender) == before
            statement += 2
        else:
            break
    assert statement > 10
    assert wallet(sender) - before == 200
    assert audit.differences() == []


def test_sending_that_breaks_off_can_be_done_again(line, sender):
    statement = 1
    while True:
        try:
            with dying_at(statement):
                send(line, sender)
        except Died:
            assert not Proof.objects.exists()
            statement += 1
        else:
            break
    assert Proof.objects.get().digest == picture().digest


def test_a_re_audit_by_two_takes_back_once(at, uploads):
    line = open_line(ALWAYS_AGAIN)
    (member,) = passing(line)
    proof = send(line, member)
    approve(proof, staff())
    assert held(line) == 200
    calls = [partial(reject, proof, staff(), "again", "not_own") for _ in range(3)]
    together(*calls)
    assert held(line) == 0
    assert task_of(line, member).taken_back == 1
    assert audit.differences() == []
    assert actions.send(own(member), task_of(line, member).pk, picture("blue")).nth == 2
