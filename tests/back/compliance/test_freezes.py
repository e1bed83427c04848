"""Money of a member waits until a person has looked: once for each cause, with a reason."""

import pytest
from django.db import IntegrityError, transaction

from loop28.back.compliance import actions, queries
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.compliance.refusals import FreezeOver
from loop28.back.people.models import User
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from tests.races import together

pytestmark = pytest.mark.django_db

HOLD, PAYOUT = Strength.HOLD, Strength.PAYOUT


@pytest.fixture
def finance(db):
    return User.objects.create(username="f", name="f", role=Role.FINANCE).actor


def found(member=7, why="velocity", strength=HOLD, **numbers):
    return Finding(member, why, strength, numbers)


def frozen(**terms):
    actions.freeze(SYSTEM, [found(**terms)])
    return Freeze.objects.latest("id")


def kinds():
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_what_is_noticed_again_while_it_stands_is_one_freeze():
    assert actions.freeze(SYSTEM, [found(clicks=90), found(clicks=90), found(why="idle")]) == 2
    assert actions.freeze(SYSTEM, [found(clicks=120)]) == 0
    assert Freeze.objects.get(why="velocity").numbers == {"clicks": 90}
    assert kinds() == ["MemberFrozen"] * 2


def test_rewards_wait_by_one_and_payouts_by_the_other():
    actions.freeze(SYSTEM, [found(7), found(8, "structure", PAYOUT)])
    assert (queries.frozen(HOLD), queries.frozen(PAYOUT)) == ({7}, {8})


def test_released_it_is_over_and_what_comes_later_is_another_one(finance):
    first = frozen()
    actions.decide(finance, first.pk, "released", "线下活动现场扫码")
    assert queries.frozen(HOLD) == set()
    assert frozen().number == 2
    assert kinds() == ["MemberFrozen", "FreezeDecided", "MemberFrozen"]


def test_upheld_rewards_are_decided_and_wait_no_more(finance):
    actions.decide(finance, frozen().pk, "upheld", "同一个人点的")
    assert queries.frozen(HOLD) == set()


def test_upheld_payouts_stay_frozen_until_they_are_released_after_all(finance):
    row = frozen(why="structure", strength=PAYOUT)
    actions.decide(finance, row.pk, "upheld", "四级")
    assert queries.frozen(PAYOUT) == {7}
    assert frozen(why="structure", strength=PAYOUT).pk == row.pk
    with pytest.raises(FreezeOver):
        actions.decide(finance, row.pk, "upheld", "四级")
    actions.decide(finance, row.pk, "released", "改了奖励")
    assert queries.frozen(PAYOUT) == set()


def test_a_decision_stands_and_has_a_reason(finance):
    row = frozen()
    with pytest.raises(TextMissing):
        actions.decide(finance, row.pk, "released", " ")
    assert actions.decide(finance, row.pk, "released", "没问题") == row
    with pytest.raises(FreezeOver):
        actions.decide(finance, row.pk, "upheld", "有问题")
    row.refresh_from_db()
    assert (row.decision, row.reason, row.decided_by_id) == ("released", "没问题", finance.id)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MIDDLE, Role.REGION_MANAGER, Role.MEMBER])
def test_who_runs_lines_or_only_reads_does_not_decide(role):
    with pytest.raises(NotAllowed):
        actions.decide(Actor(role, 7, 1), frozen().pk, "released", "没问题")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FINANCE, Role.MEMBER, Role.MACHINE])
def test_only_the_product_itself_freezes(role):
    with pytest.raises(NotAllowed):
        actions.freeze(Actor(role, 7), [found()])


def test_a_member_says_something_about_their_own_freeze_only(finance):
    row = frozen()
    actions.speak(Actor(Role.MEMBER, 7), row.pk, " 我在品鉴会上\n发的 ")
    row.refresh_from_db()
    assert row.said == "我在品鉴会上 发的"
    with pytest.raises(Freeze.DoesNotExist):
        actions.speak(Actor(Role.MEMBER, 8), row.pk, "是我")
    with pytest.raises(NotAllowed):
        actions.speak(Actor(Role.FINANCE, 7), row.pk, "是他")
    assert kinds() == ["MemberFrozen", "FreezeAnswered"]
    actions.decide(finance, row.pk, "released", "没问题")
    with pytest.raises(FreezeOver):
        actions.speak(Actor(Role.MEMBER, 7), row.pk, "谢谢")


def test_a_member_sees_their_own_and_whoever_runs_lines_sees_none(finance):
    actions.freeze(SYSTEM, [found(7), found(8)])
    assert [row.member for row in queries.freezes(Actor(Role.MEMBER, 8))] == [8]
    assert queries.freezes(finance).count() == 2
    assert (queries.to_decide(finance), queries.to_decide(Actor(Role.MIDDLE, 1))) == (2, 0)
    with pytest.raises(NotAllowed):
        queries.freezes(Actor(Role.REGION_MANAGER, 1, 1))


def test_a_member_is_told_which_of_their_money_waits_each_once(finance):
    frozen(), frozen(why="idle")
    row = frozen(why="structure", strength=PAYOUT)
    assert queries.looking_at(Actor(Role.MEMBER, 7)) == [HOLD, PAYOUT]
    actions.decide(finance, row.pk, "released", "查过了")
    assert queries.looking_at(Actor(Role.MEMBER, 7)) == [HOLD]
    assert queries.to_decide(finance) == 2
    assert queries.reasons([row.pk]) == {row.pk: "查过了"}


def test_the_last_decision_and_the_figures_it_looked_at_are_known(finance):
    actions.decide(finance, frozen(clicks=90).pk, "released", "没问题")
    actions.decide(finance, frozen(clicks=200).pk, "upheld", "有问题")
    seen = queries.looked_at("velocity", [7, 8])
    assert seen[7].numbers == {"clicks": 200}
    assert queries.looked_at("idle", [7]) == {}


def test_when_two_records_are_one_person_each_cause_stands_once(finance):
    old = frozen(member=8)
    actions.decide(finance, old.pk, "released", "没问题")
    frozen(member=8), frozen(member=8, why="idle"), frozen(member=7)
    actions.hand_over(SYSTEM, 7, 8)
    rows = Freeze.objects.order_by("why", "number").values_list("member", "why", "number")
    assert list(rows) == [(7, "idle", 1), (7, "velocity", 1), (7, "velocity", 2)]
    assert Freeze.objects.filter(why="velocity", ended_at=None).count() == 1


def test_what_the_kept_record_was_released_from_does_not_release_the_other(finance):
    actions.decide(finance, frozen(member=7).pk, "released", "没问题")
    frozen(member=8)
    with pytest.raises(NotAllowed):
        actions.hand_over(Actor(Role.MEMBER, 7), 7, 8)
    actions.hand_over(SYSTEM, 7, 8)
    assert queries.frozen(HOLD) == {7}


def test_the_table_refuses_what_is_over_without_a_decision():
    row = frozen()
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.filter(pk=row.pk).update(ended_at=row.since)


@pytest.mark.django_db(transaction=True)
def test_two_who_notice_it_at_one_moment_freeze_once():
    assert sorted(together(*[lambda: actions.freeze(SYSTEM, [found()])] * 4)) == [0, 0, 0, 1]
    assert Freeze.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_one_moment_one_does(finance):
    row = frozen()
    answers = together(
        lambda: actions.decide(finance, row.pk, "released", "没问题"),
        lambda: actions.decide(finance, row.pk, "upheld", "有问题"),
    )
    assert sum(isinstance(answer, FreezeOver) for answer in answers) == 1
