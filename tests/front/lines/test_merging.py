"""Two records of one person become one: who they are, and the page on which that is done."""

import pytest

from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Basis
from loop28.doors import gate
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import queries as levels
from loop28.front.lines import actions as lines
from loop28.front.lines.refusals import BothHostThatDay
from loop28.front.privacy import actions as privacy
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.links import LinkExpired
from loop28.kernel.tables import Row, State
from loop28.middle.members import actions, importing, merging, queries, refusals, tags
from loop28.middle.members.models import Member
from loop28.middle.orders import actions as orders
from loop28.middle.orders import queries as sold
from loop28.middle.orders.rules import ReportedOrder
from tests.factories import city, member, region, staff
from tests.line_kit import invitation, moving_clock, open_line
from tests.races import together

pytestmark = pytest.mark.django_db


def imported(name="陈思远", number="A-1"):
    (outcome,) = importing.take_in(SYSTEM, [Row(2, {"id": number, "name": name})])
    return Member.objects.get(pk=outcome.number)


def test_the_kept_one_gets_ids_tags_orders_levels_and_a_city():
    kept, lost = member("陈思远"), imported()
    actions.identify(SYSTEM, lost.pk, "youzan", "b-7")
    tags.give(SYSTEM, {kept.pk: ["宝妈"], lost.pk: ["宝妈", "团购"]})
    ladder.appoint(SYSTEM, lost.pk, "owner", "店铺老板")
    order = ReportedOrder(
        shop="微店", external_id="1", member=lost.pk, fen=2990, paid_at=clock.now()
    )
    orders.report(SYSTEM, [order])
    Member.objects.filter(pk=lost.pk).update(city=city("杭州"))
    merged = merging.merge(SYSTEM, kept.pk, lost.pk)
    assert merged.city.name == "杭州"
    assert queries.identities([kept.pk]) == {kept.pk: {"A-1", "b-7"}}
    assert [tag.word for tag in queries.tags_of([kept.pk])[kept.pk]] == ["团购", "宝妈"]
    assert levels.level([kept.pk, lost.pk]) == {kept.pk: "owner"}
    assert [o.external_id for o in sold.of_members([kept.pk])] == ["1"]


def test_the_lost_one_is_nobody_any_more_and_its_links_end():
    kept, lost = member("陈思远"), imported()
    token = queries.link_token(lost.pk)
    merging.merge(SYSTEM, kept.pk, lost.pk)
    assert list(queries.search(SYSTEM, "陈思远")) == [kept]
    assert queries.alike(SYSTEM, "陈思源") == [kept]
    with pytest.raises(LinkExpired):
        queries.read_link(token)
    assert gate.personal_link(kept.pk)


def test_the_next_file_finds_the_kept_one():
    kept, lost = member("陈思远"), imported()
    merging.merge(SYSTEM, kept.pk, lost.pk)
    (outcome,) = importing.take_in(SYSTEM, [Row(2, {"id": "A-1", "name": "陈思远"})])
    assert (outcome.number, outcome.state) == (kept.pk, State.KNOWN)


def test_who_agreed_under_one_number_has_agreed():
    kept, lost = imported(), member("陈思远")
    merging.merge(SYSTEM, kept.pk, lost.pk)
    assert queries.consenting([kept.pk, lost.pk]) == {kept.pk}
    assert queries.is_adult(kept.pk)


def test_of_two_consents_one_is_left():
    kept, lost = member("陈思远"), member("陈思远")
    merging.merge(SYSTEM, kept.pk, lost.pk)
    first, second = queries.consents(kept.pk)[::-1]
    assert (first.withdrawn_at, second.withdrawn_at) == (second.given_at, None)


@pytest.mark.parametrize("of_kept", [True, False])
def test_a_consent_taken_back_after_the_other_was_given_counts(of_kept):
    kept, lost = member("陈思远"), member("陈思远")
    actions.withdraw_consent(SYSTEM, (kept if of_kept else lost).pk)
    merging.merge(SYSTEM, kept.pk, lost.pk)
    assert queries.consenting([kept.pk]) == set()
    assert Entry.objects.filter(kind="ConsentWithdrawn", member=kept.pk).exists()


def test_a_consent_given_after_the_other_was_taken_back_counts():
    kept = member("陈思远")
    actions.withdraw_consent(SYSTEM, kept.pk)
    lost = member("陈思远")
    merging.merge(SYSTEM, kept.pk, lost.pk)
    assert queries.consenting([kept.pk]) == {kept.pk}


def test_again_changes_nothing_and_chains_and_circles_are_refused():
    kept, lost, third = member("甲"), member("乙"), member("丙")
    for _ in range(2):
        merging.merge(SYSTEM, kept.pk, lost.pk)
    assert Entry.objects.filter(kind="MembersMerged").count() == 1
    for one, other in ((kept, kept), (lost, kept), (third, lost), (lost, third)):
        with pytest.raises(refusals.SamePerson):
            merging.merge(SYSTEM, one.pk, other.pk)
    with pytest.raises(refusals.UnknownMember):
        merging.merge(SYSTEM, kept.pk, 10**9)


def test_who_is_erased_is_merged_with_nobody_and_the_page_says_so(desk_of_administrator):
    erased, living = member("陈思远"), member("王芳")
    privacy.erase(SYSTEM, [erased.pk])
    for kept, lost in ((erased, living), (living, erased)):
        with pytest.raises(refusals.NobodyAnyMore):
            merging.merge(SYSTEM, kept.pk, lost.pk)
        page = desk_of_administrator.get(f"/console/members/{kept.pk}/merge/{lost.pk}")
        assert "One of the two was erased" in page.content.decode()
    assert queries.consenting([living.pk]) == {living.pk}


def test_who_came_with_a_file_and_is_called_like_another_is_suggested():
    region("HD")
    here, there = member("陈思远", city("杭州")), member("陈思远", city("苏州"))
    file = imported("陈 思远")
    member("王芳")
    member("王芳")
    assert merging.suggestions(SYSTEM) == [(here, file), (there, file)]
    Member.objects.filter(pk=file.pk).update(city=city("苏州"))
    assert merging.suggestions(SYSTEM) == [(there, file)]
    merging.merge(SYSTEM, there.pk, file.pk)
    assert merging.suggestions(SYSTEM) == []


@pytest.mark.parametrize("role", [Role.MIDDLE, Role.FINANCE, Role.AUDITOR])
def test_only_administrators_merge(role):
    kept, lost = member("陈思远"), imported()
    with pytest.raises(NotAllowed):
        merging.merge(staff(role).actor, kept.pk, lost.pk)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_both_ways_at_once_leave_one_person():
    one, other = member("陈思远"), imported()
    answers = together(
        lambda: merging.merge(SYSTEM, one.pk, other.pk),
        lambda: merging.merge(SYSTEM, other.pk, one.pk),
    )
    assert [type(a) for a in answers].count(refusals.SamePerson) == 1
    assert Member.objects.filter(merged_into=None).count() == 1


def test_the_page_shows_both_and_merges(desk_of_administrator):
    client = desk_of_administrator
    kept, lost = member("陈思远"), imported()
    assert "陈思远" in client.get("/console/members/doubles").content.decode()
    there = client.get("/console/members/doubles", {"one": kept.pk, "other": lost.pk}, follow=True)
    assert "A-1" in there.content.decode()
    done = client.post(there.request["PATH_INFO"], follow=True)
    assert done.request["PATH_INFO"] == f"/console/members/{kept.pk}"
    gone = client.get(f"/console/members/{lost.pk}")
    assert gone["Location"] == f"/console/members/{kept.pk}"


def test_before_it_is_done_the_page_says_what_moves_and_nothing_is_written(desk_of_administrator):
    with moving_clock():
        line = open_line()
        kept, seated = imported(), member("陈思远")
        lines.join(SYSTEM, invitation(line), [seated.pk])
        fee = Move("a", accounts.TREASURY, accounts.wallet(seated.pk), 500, Basis.CORRECTION)
        transfer(SYSTEM, [fee])
        before = Entry.objects.count()
        page = desk_of_administrator.get(f"/console/members/{kept.pk}/merge/{seated.pk}")
        assert [row.after for row in page.context["rows"] if row.key == "wallet"] == [500]
        assert line.code in page.content.decode()
        assert Entry.objects.count() == before
        assert Member.objects.get(pk=seated.pk).merged_into is None


def test_what_cannot_be_merged_says_why_before_anybody_tries(desk_of_administrator):
    with moving_clock():
        one, other = open_line(), open_line()
        address = f"/console/members/{one.host_id}/merge/{other.host_id}"
        shown = desk_of_administrator.get(address).content.decode()
        assert "starts on the same day" in shown
        assert "Merge: this is one person" not in shown
        response = desk_of_administrator.post(address)
        assert response.status_code == 422
        assert one.code in response.content.decode()
        with pytest.raises(BothHostThatDay):
            merging.merge(SYSTEM, one.host_id, other.host_id)


@pytest.fixture
def desk_of_administrator(client):
    client.force_login(staff(), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client
