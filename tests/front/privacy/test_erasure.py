"""Who is erased leaves no trace but a number, and the books are exact."""

import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from loop28.back.finance.models import Payout, PayoutState
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.people import files
from loop28.front.evidence.models import Proof
from loop28.front.groups.models import Membership, Message
from loop28.front.privacy import actions, queries, register
from loop28.front.privacy.models import Asked, Erasure
from loop28.front.privacy.refusals import AlreadyErased, NotYet
from loop28.insight import audit
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.members import merging
from loop28.middle.members import queries as member_queries
from loop28.middle.members.models import Member
from loop28.middle.orders.models import Order
from tests.factories import member, staff
from tests.front.evidence.kit import open_line, passing
from tests.front.privacy.kit import CAMERA, desk, leave_traces
from tests.line_kit import group, people
from tests.phones import phone
from tests.raw import everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(at):
    return open_line()


def me(number):
    return Actor(Role.MEMBER, number)


def administrator():
    return staff().actor


def test_twelve_texts_and_a_picture_are_nowhere_any_more(
    line, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    (who,) = passing(line)
    traces = leave_traces(line, who)
    files.keep(SYSTEM, "members", "a.csv", traces.texts["name"].encode())
    differences, fen = audit.differences(), _fen(who)
    assert len(traces.planted) >= 12
    assert everywhere(traces.planted) == traces.planted
    (picture,) = _pictures()
    assert CAMERA.encode() not in picture.read_bytes()
    digest = Proof.objects.get().digest.encode()
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(SYSTEM, [who])
    assert everywhere({*traces.planted, digest}) == set()
    assert _pictures() == []
    assert [t for t in traces.planted if t.decode() in caplog.text] == []
    assert audit.differences() == differences
    assert _fen(who) == fen + 500, "what nobody paid yet is in the wallet again"
    assert Order.objects.get().fen == 1230
    said = desk().get(reverse("member", args=[who])).content
    assert "已注销".encode() in said
    assert not any(text in said for text in traces.planted)


def _pictures():
    found = Path(settings.MEDIA_ROOT).rglob("*.jpg")
    return list(found)


def _fen(who):
    return ledger.balance(SYSTEM, accounts.wallet(who))


def test_the_phone_is_nobodys_and_the_group_reads_that_a_message_went(line):
    (who, other) = passing(line, 2)
    client, where = phone(who), group(line, 2)
    client.post(reverse("group-say", args=[where]), {"text": "再见", "key": "k"})
    token = member_queries.link_token(who)
    actions.erase(SYSTEM, [who])
    assert client.get(reverse("me")).status_code == 403
    assert client.get(f"/m/{token}").status_code == 410
    assert phone(who).get(reverse("me")).status_code == 403, "not even by a link of today"
    page = phone(other).get(reverse("group", args=[where])).content.decode()
    assert "再见" not in page
    assert "消息已随发言人注销" in page
    assert Message.objects.get(member=who).text == ""
    assert not Membership.objects.filter(member=who, left_at=None).exists()


def test_a_wish_waits_a_week_and_the_worker_does_it_then(at):
    who = member().pk
    wish = actions.ask(me(who), who, Asked.SELF)
    assert actions.ask(me(who), who, Asked.SELF) == wish
    at(wish.due_at - actions.WAIT / 7)
    run_due(clock.now())
    assert not member_queries.erased([who])
    at(wish.due_at)
    run_due(clock.now())
    assert member_queries.erased([who]) == {who}
    assert Entry.objects.filter(kind="MemberErased", member=who).count() == 1
    assert Erasure.objects.get().done_at == wish.due_at


def test_one_may_think_better_of_it_and_ask_again(at):
    who = member().pk
    wish = actions.ask(me(who), who, Asked.SELF)
    actions.cancel(me(who), who)
    actions.cancel(me(who), who)
    at(wish.due_at)
    run_due(clock.now())
    assert not member_queries.erased([who])
    assert actions.ask(me(who), who, Asked.SELF).due_at == wish.due_at + actions.WAIT


def test_a_payout_on_its_way_is_paid_first(line, at):
    (who,) = passing(line)
    traces = leave_traces(line, who)
    wish = actions.ask(me(who), who, Asked.SELF)
    at(wish.due_at)
    run_due(clock.now())
    assert not member_queries.erased([who])
    assert queries.wish(who).due_at == wish.due_at + actions.LOOK_AGAIN
    with pytest.raises(NotYet):
        actions.erase_now(administrator(), who, Asked.WRITTEN)
    payout = Payout.objects.get()
    desk().post(reverse("payouts-export"))
    payout.refresh_from_db()
    desk(Role.FINANCE).post(reverse("payouts-paid", args=[payout.export_id]), {"payout": payout.pk})
    at(wish.due_at + actions.LOOK_AGAIN)
    run_due(clock.now())
    payout.refresh_from_db()
    assert (payout.state, payout.payee, payout.fen) == (PayoutState.PAID, "", 500)
    assert everywhere({traces.texts["account"].encode()}) == set()


def test_whoever_runs_a_line_is_replaced_first(line):
    with pytest.raises(NotYet, match=line.code):
        actions.erase_now(administrator(), line.host_id, Asked.SPOKEN)


def test_nobody_asks_for_somebody_else(at):
    one, other = people(2)
    for stranger in (me(other), staff(Role.FINANCE).actor, staff(Role.MIDDLE).actor):
        for verb in (actions.ask, actions.erase_now, actions.take):
            with pytest.raises(NotAllowed):
                verb(stranger, one, Asked.WRITTEN)
        with pytest.raises(NotAllowed):
            actions.cancel(stranger, one)
        with pytest.raises(NotAllowed):
            queries.about(stranger, one)
    with pytest.raises(NotAllowed):
        actions.erase(me(one), [one])


def test_many_are_erased_in_a_handful_of_statements(at, django_assert_max_num_queries):
    one, *others = people(6)
    with django_assert_max_num_queries(110):
        actions.erase(SYSTEM, [one])
    with django_assert_max_num_queries(130):
        actions.erase(SYSTEM, others)
    assert member_queries.erased(others) == set(others)
    assert audit.differences() == []


def test_doubles_are_the_same_person(at):
    kept, lost = people(2)
    merging.merge(SYSTEM, kept, lost)
    actions.erase(SYSTEM, [kept])
    assert member_queries.erased([kept, lost]) == {kept, lost}
    assert set(Member.objects.filter(pk__in=[kept, lost]).values_list("name", flat=True)) == {
        "已注销"
    }


def test_who_is_erased_can_ask_for_nothing_and_comes_back_as_somebody_new(at):
    who = member().pk
    actions.erase(SYSTEM, [who])
    with pytest.raises(AlreadyErased):
        actions.ask(SYSTEM, who, Asked.WRITTEN)
    again = members.register(SYSTEM, "欧阳芳华女士", adult=True, consent=True)
    assert again.pk != who


def test_a_backup_brings_nobody_back(at):
    """The database as it was before, the file as it is now."""
    who, other = people(2)
    before = {number: Member.objects.get(pk=number) for number in (who, other)}
    actions.erase(SYSTEM, [who])
    register.write_down()
    assert register.write_down() == 0
    _restore(before[who])
    assert actions.erase_again(SYSTEM) == 1
    assert actions.erase_again(SYSTEM) == 0
    assert member_queries.erased([who, other]) == {who}


def test_a_number_that_was_given_to_somebody_else_since_is_theirs(at):
    who = member().pk
    actions.erase(SYSTEM, [who])
    register.write_down()
    stranger = member()
    stranger.pk = who
    _restore(stranger)
    assert actions.erase_again(SYSTEM) == 0


def test_another_installations_register_and_a_torn_line_erase_nobody(at, settings):
    who, other = people(2)
    before = Member.objects.get(pk=who)
    actions.erase(SYSTEM, [who])
    register.write_down()
    Path(settings.ERASED).write_bytes(Path(settings.ERASED).read_bytes()[:-9])
    assert register.write_down() == 1, "the line that was cut off is written once more"
    actions.erase(SYSTEM, [other])
    assert register.write_down() == 1
    _restore(before)
    settings.SECRET_KEY = "of another house" * 4
    assert actions.erase_again(SYSTEM) == 0


def _restore(as_it_was):
    """The row as an older backup has it."""
    Member.objects.filter(key=as_it_was.key).exclude(pk=as_it_was.pk).delete()
    Member.objects.filter(pk=as_it_was.pk).update(
        key=as_it_was.key, name=as_it_was.name, erased_at=None
    )
