from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from loop28.middle.members import actions, queries, refusals
from loop28.middle.members.actions import NewMember
from loop28.middle.members.consent import CONSENT_VERSION
from loop28.middle.members.models import Consent, Member
from tests.factories import city, member, region, staff
from tests.line_kit import moving_clock
from tests.races import Died, dying_at, together

pytestmark = pytest.mark.django_db

ODD = [
    "名字\u202egnp.exe",
    "a\u200bb",
    "👨‍👩‍👧‍👦",
    "ＡＢＣ",
    "\x00nul",
    "\ud800",
    "עברית",
    "\n\t",
    "x' OR 1=1",
]


def test_a_person_joins_with_adulthood_and_consent_on_record() -> None:
    joined = actions.register(SYSTEM, " 陈  思远 ", adult=True, consent=True, city_id=city().pk)
    assert joined.name == "陈 思远"
    assert joined.adult_at == joined.created_at
    assert queries.is_adult(joined.pk)
    consent = Consent.objects.get()
    assert (consent.member_id, consent.text_version) == (joined.pk, CONSENT_VERSION)
    assert (consent.given_at, consent.withdrawn_at) == (joined.created_at, None)
    assert Entry.objects.get(kind="MemberRegistered").member == joined.pk


@pytest.mark.parametrize(
    ("adult", "consent", "refusal"),
    [(False, True, refusals.AdultsOnly), (True, False, refusals.ConsentMissing)],
)
def test_nobody_joins_under_age_or_without_consent(
    adult: bool, consent: bool, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.register(SYSTEM, "小明", adult=adult, consent=consent)
    assert not Member.objects.exists()


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_cleaned_or_refused_but_never_break(name: str) -> None:
    try:
        joined = actions.register(SYSTEM, name, adult=True, consent=True)
    except TextMissing:
        return
    joined.refresh_from_db()
    assert joined.name.strip() == joined.name != ""
    assert not set(joined.name) & set("\u202e\u200b\x00\ud800\n\t")


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "\u202e"])
def test_a_name_of_nothing_visible_is_missing(name: str) -> None:
    with pytest.raises(TextMissing):
        actions.register(SYSTEM, name, adult=True, consent=True)


def test_a_name_of_ten_thousand_signs_is_too_long() -> None:
    with pytest.raises(TextTooLong):
        actions.register(SYSTEM, "长" * 10_000, adult=True, consent=True)


@pytest.mark.parametrize("city_id", [0, -1, 10**6, 10**30])
def test_a_city_that_does_not_exist_is_refused(city_id: int) -> None:
    region()
    with pytest.raises(refusals.UnknownCity):
        actions.register(SYSTEM, "小明", adult=True, consent=True, city_id=city_id)


def test_a_form_sent_twice_is_one_person() -> None:
    key = uuid4()
    first = actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    again = actions.register(SYSTEM, " 小明 ", adult=True, consent=True, key=key)
    assert first == again
    assert Consent.objects.count() == 1


def test_a_form_sent_again_for_somebody_else_is_refused() -> None:
    key = uuid4()
    actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    with pytest.raises(refusals.FormUsedByAnother):
        actions.register(SYSTEM, "小红", adult=True, consent=True, key=key)


def test_a_form_that_comes_long_after_it_was_sent_lets_nobody_in() -> None:
    key = uuid4()
    with moving_clock() as move:
        actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
        move(clock.now() + actions.DOUBLE_TAP - timedelta(seconds=1))
        actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
        move(clock.now() + timedelta(seconds=2))
        with pytest.raises(refusals.FormUsedUp):
            actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    assert Member.objects.count() == 1


def test_a_form_does_not_give_a_consent_again_that_was_taken_back() -> None:
    key = uuid4()
    joined = actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    actions.withdraw_consent(SYSTEM, joined.pk)
    with pytest.raises(refusals.FormUsedUp):
        actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    assert queries.consenting([joined.pk]) == set()


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_in_the_same_instant_is_one_person() -> None:
    key = uuid4()

    def tap() -> int:
        return actions.register(SYSTEM, "小明", adult=True, consent=True, key=key).pk

    assert len(set(together(*[tap] * 4))) == 1
    assert (Member.objects.count(), Consent.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", range(1, 9))
def test_who_crashes_on_the_way_in_comes_in_whole_or_not_at_all(statement: int) -> None:
    key = uuid4()
    with suppress(Died), dying_at(statement):
        actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    counts = (Member.objects.count(), Consent.objects.count(), Entry.objects.count())
    assert counts in {(0, 0, 0), (1, 1, 1)}
    actions.register(SYSTEM, "小明", adult=True, consent=True, key=key)
    assert (Member.objects.count(), Consent.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_many_join_in_the_order_given_for_as_many_statements_as_one() -> None:
    assert actions.register_many(SYSTEM, []) == []
    costs = []
    for size in (1, 500):
        people = [NewMember(name=f"新人{n}", adult=True, consent=True) for n in range(size)]
        with CaptureQueriesContext(connection) as statements:
            ids = actions.register_many(SYSTEM, people)
        costs.append(len(statements))
        names = queries.names(ids)
        assert [names[i] for i in ids] == [person.name for person in people]
        assert actions.register_many(SYSTEM, people) == ids
    assert costs[0] == costs[1]


def test_one_who_is_refused_refuses_the_batch() -> None:
    people = [NewMember(name=name, adult=True, consent=True) for name in ("小明", "\u200b")]
    with pytest.raises(TextMissing):
        actions.register_many(SYSTEM, people)
    assert not Member.objects.exists()


def test_a_member_renames_themselves_and_staff_do_it_for_them() -> None:
    me, other = member(), member()
    actions.rename(Actor(Role.MEMBER, me.pk), me.pk, "新名字")
    assert queries.names([me.pk]) == {me.pk: "新名字"}
    actions.rename(staff(Role.REGION_MANAGER, region()).actor, me.pk, "又一个")
    strangers = [
        Actor(Role.MEMBER, other.pk),
        staff(Role.AUDITOR).actor,
        Actor(Role.MACHINE, me.pk),
    ]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            actions.rename(stranger, me.pk, "偷")
    with pytest.raises(refusals.UnknownMember):
        actions.rename(SYSTEM, 10**6, "谁")


def test_consent_is_withdrawn_as_easily_as_given_and_both_are_kept() -> None:
    me = member()
    self = Actor(Role.MEMBER, me.pk)
    assert queries.consenting([me.pk]) == {me.pk}
    actions.withdraw_consent(self, me.pk)
    actions.withdraw_consent(self, me.pk)
    assert queries.consenting([me.pk]) == set()
    assert Entry.objects.filter(kind="ConsentWithdrawn", member=me.pk).count() == 1
    actions.give_consent(self, me.pk)
    actions.give_consent(self, me.pk)
    assert queries.consenting([me.pk]) == {me.pk}
    assert me.consents.count() == 2


def test_nobody_agrees_for_somebody_else() -> None:
    me, other = member(), member()
    for stranger in (staff().actor, Actor(Role.MEMBER, other.pk)):
        with pytest.raises(NotAllowed):
            actions.give_consent(stranger, me.pk)
    with pytest.raises(NotAllowed):
        actions.withdraw_consent(Actor(Role.MEMBER, other.pk), me.pk)


def test_agreeing_to_a_newer_text_replaces_the_older_consent() -> None:
    me = member()
    me.consents.update(text_version="2020-1")
    actions.give_consent(Actor(Role.MEMBER, me.pk), me.pk)
    assert me.consents.get(withdrawn_at=None).text_version == CONSENT_VERSION
    assert me.consents.exclude(withdrawn_at=None).get().text_version == "2020-1"


def test_an_identity_belongs_to_one_member() -> None:
    me, other = member(), member()
    actions.identify(SYSTEM, me.pk, "微店", "buyer-7")
    actions.identify(SYSTEM, me.pk, "微店", "buyer-7")
    assert queries.identities([me.pk, other.pk]) == {me.pk: {"buyer-7"}}
    with pytest.raises(refusals.IdentityTaken):
        actions.identify(SYSTEM, other.pk, "微店", "buyer-7")


def test_staff_find_members_by_name_and_number() -> None:
    one, two = member("陈思远"), member("陈晓")
    seeing = staff(Role.REGION_MANAGER, region()).actor
    assert list(queries.search(seeing, "陈")) == [two, one]
    assert list(queries.search(seeing, f" {one.pk} ")) == [one]
    assert queries.get(seeing, two.pk) == two


@pytest.mark.parametrize("text", [*ODD, "%", "\\", "9" * 30, "x" * 10_000, "①"])
def test_an_odd_search_finds_nobody_and_never_breaks(text: str) -> None:
    member("陈思远")
    assert len(queries.search(SYSTEM, f"{text}?")) == 0


def test_an_empty_search_lists_everybody() -> None:
    one, two = member(), member()
    assert list(queries.search(SYSTEM, "\u200b")) == [two, one]


def test_members_see_themselves_only() -> None:
    me, other = member("甲"), member("乙")
    self = Actor(Role.MEMBER, me.pk)
    assert queries.get(self, me.pk) == me
    assert queries.get(self, other.pk) is None
    assert not queries.search(self, "乙").exists()
    assert queries.get(Actor(Role.MACHINE, me.pk), me.pk) is None


def test_the_tier_of_a_member_is_their_citys() -> None:
    here, nowhere = member(city=city("梅州")), member()
    assert queries.tiers([here.pk, nowhere.pk, 10**6]) == {here.pk: 5, nowhere.pk: None}
