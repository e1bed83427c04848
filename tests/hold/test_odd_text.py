"""Odd text in everything that takes text is taken or refused, and the database stays readable."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance.models import Payout
from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.people import actions as people
from loop28.back.people import queries as people_queries
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Incoming, Outbound
from loop28.front.groups.models import Message
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.front.lines import beats
from loop28.front.lines.models import Beat, Phase
from loop28.front.lines.optin import is_opt_in
from loop28.front.playbooks import actions as playbooks
from loop28.kernel import clock, links, text
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.money import parse_yuan
from loop28.kernel.refusals import Refusal
from loop28.middle.members import actions as members
from loop28.middle.members import queries as member_queries
from loop28.middle.members.actions import NewMember
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests import factories
from tests.hold.kit import picture
from tests.line_kit import SMALL, group, invitation, open_line
from tests.odd_text import ODD_TEXTS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
SMALL_TEXT = SMALL.read_text()


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def line():
    return open_line()


def all_odd(take):
    """Give every odd text to an action; what it did wrong, by text."""
    wrong = {}
    for name, odd in ODD_TEXTS.items():
        try:
            take(odd)
        except Refusal as no:
            str(no)  # it can be said, whatever the text in it
        except Exception as error:
            wrong[name] = repr(error)[:300]
    picture()  # SQLite takes some texts that it cannot give back
    return wrong


def payout(member):
    """A payout that waits, of a member who has something."""
    debit, credit = accounts.TREASURY, accounts.wallet(member)
    gift = Move(f"gift:{member}", debit, credit, 10**6, basis="correction")
    transfer(SYSTEM, [gift])
    return finance.ask_payout(Actor(Role.MEMBER, member), 100, "王", "6222", "first", adult=True)


def test_names_of_people(line):
    member = factories.member()
    door = invitation(line)

    def take(odd):
        members.rename(Actor(Role.MEMBER, member.pk), member.pk, odd)

    assert all_odd(lambda odd: members.register(SYSTEM, odd, adult=True, consent=True)) == {}
    assert all_odd(take) == {}
    assert (
        all_odd(
            lambda odd: lines.welcome(
                SYSTEM, [lines.Newcomer(door, NewMember(name=odd, adult=True, consent=True))]
            )
        )
        == {}
    )
    assert all_odd(lambda odd: list(member_queries.search(SYSTEM, odd))) == {}


def test_who_people_are_elsewhere():
    member = factories.member().pk
    assert all_odd(lambda odd: members.identify(SYSTEM, member, odd, "x")) == {}
    assert all_odd(lambda odd: members.identify(SYSTEM, member, "shop", odd)) == {}


def test_what_is_said_in_a_group(line):
    here, host = group(line), line.host_id

    def hear(odd):
        groups.receive(SYSTEM, [Incoming("house", str(hash(odd)), here, host, odd, NOW)])

    def send(odd):
        groups.send(SYSTEM, [Outbound(str(hash(odd)), here, odd, NOW)])

    assert all_odd(hear) == {}
    assert all_odd(send) == {}
    assert all_odd(is_opt_in) == {}
    said = Message.objects.filter(group=here, member=host)
    assert said.count() == len(ODD_TEXTS)
    kept = set(said.values_list("text", flat=True))
    ordinary = {t for name, t in ODD_TEXTS.items() if "NUL" not in name and "surrogate" not in name}
    assert ordinary <= kept  # nothing that people write is lost
    assert group_queries.texts(said.values_list("id", flat=True))


def test_what_the_host_says_by_hand(line):
    beat = Beat.objects.get(line=line, key="d2-evening")

    def take(odd):
        Beat.objects.filter(id=beat.pk).update(state="planned")
        beats.do_by_hand(Actor(Role.MEMBER, line.host_id), beat.pk, odd)

    assert all_odd(take) == {}


def test_payees_reasons_and_keys_of_finance(line):
    member = factories.member().pk
    payout(member)
    me, person = Actor(Role.MEMBER, member), factories.staff(Role.FINANCE).actor

    def reject(odd):
        Payout.objects.filter(member=member).update(state="asked", settled_at=None)
        finance.reject_payout(
            person, finance.ask_payout(me, 1, "王", "6222", f"k{hash(odd)}", adult=True).pk, odd
        )

    for number, take in enumerate(
        [
            lambda odd: finance.ask_payout(me, 1, odd, "6222", str(hash(odd)), adult=True),
            lambda odd: finance.ask_payout(me, 1, "王", odd, f"a{hash(odd)}", adult=True),
            lambda odd: finance.ask_payout(me, 1, "王", "6222", odd, adult=True),
            lambda odd: finance.fund(SYSTEM, line.pk, 1, odd),
            reject,
        ]
    ):
        assert all_odd(take) == {}, number


def test_reasons_and_levels_of_the_ladder():
    administrator = factories.staff().actor
    member = factories.member().pk

    def appoint(odd):
        ladder.appoint(administrator, factories.member().pk, "owner", odd)

    assert all_odd(appoint) == {}
    assert all_odd(lambda odd: ladder.appoint(administrator, member, odd, "因为")) == {}


PLACES = {
    "name": ["name: 五天小打法"],
    "text": ["text: 两天的群聊今晚收尾，谢谢大家陪着热闹。"],
    "many at once": [
        "key: small",
        "group: 新人培育群",
        "title: 初次见面",
        'budget: "200.00"',
        'at: "09:00"',
        "link: https://shop.example/rice",
        "window: 12h",
        "how: 打开任务页，点一下「打卡」。",
        "ask: 推荐东西给朋友，最要紧的是什么？",
    ],
}


@pytest.mark.parametrize("places", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("spelled", [str, json.dumps], ids=["as it is", "in quotes"])
def test_playbooks(places, spelled):
    def publish(odd):
        source = SMALL_TEXT
        for place in places:
            assert place in SMALL_TEXT
            source = source.replace(place, f"{place.split(':')[0]}: {spelled(odd)}", 1)
        playbooks.publish(SYSTEM, source)

    assert all_odd(publish) == {}


def test_the_longest_texts_a_playbook_may_hold_fit_into_the_line_it_opens():
    source = SMALL_TEXT
    for place in ["name: 五天小打法", "group: 新人培育群", "title: 初次见面", "badge: 有名有姓"]:
        source = source.replace(place, f"{place.split(':')[0]}: {'长' * 60}", 1)
    source = source.replace("key: small", f"key: {'k' * 40}", 1)
    source = source.replace("key: d1-hello", f"key: {'b' * 40}", 1)
    line = lines.open_line(
        SYSTEM,
        region=factories.region().pk,
        playbook=playbooks.publish(SYSTEM, source).pk,
        start_day=NOW.date(),
        host=factories.member("店" * 40).pk,
        size=20,
        budget_fen=100_000,
    )
    assert Phase.objects.get(line=line, number=1).group.name.endswith("长" * 60)


def test_files_that_are_no_playbooks_and_no_orders():
    administrator = factories.staff().actor
    head = "shop,id,member,yuan,paid_at,buyer,refunded_yuan,refunded_at\n"
    for take in [
        lambda odd: playbooks.publish(SYSTEM, odd),
        lambda odd: playbooks.publish(SYSTEM, odd.encode("utf-8", "surrogatepass")),
        lambda odd: playbooks.publish(SYSTEM, odd.encode("utf-16", "surrogatepass")),
        lambda odd: orders.report_file(administrator, odd.encode("utf-8", "surrogatepass")),
        lambda odd: orders.report_file(
            administrator,
            (head + f"{odd},{odd},{odd},{odd},{odd},{odd},{odd},{odd}\n").encode(
                "utf-8", "surrogatepass"
            ),
        ),
        lambda odd: orders.report_file(administrator, odd.encode("utf-16", "surrogatepass")),
    ]:
        assert all_odd(take) == {}


@pytest.mark.parametrize("field", ["shop", "external_id", "buyer"])
def test_orders_of_shops(field):
    member = factories.member().pk
    order = {"shop": "s", "external_id": "1", "member": member, "fen": 1, "paid_at": NOW}

    def report(odd):
        said = order | {"external_id": str(hash(odd)), field: odd}
        (outcome,) = orders.report(SYSTEM, [ReportedOrder(**said)])
        assert outcome.refusal is None or str(outcome.refusal)

    assert all_odd(report) == {}


def test_names_passwords_and_keys_of_staff(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the quick one
    user = factories.staff()
    numbers = iter(range(1000))

    def add(odd):
        people.add_staff(SYSTEM, f"user-{next(numbers)}", odd, Role.FINANCE)

    def protect(odd):
        people.set_password(SYSTEM, user.pk, odd)

    for number, take in enumerate(
        [
            lambda odd: people.add_staff(SYSTEM, odd, "同事", Role.FINANCE),
            add,
            protect,
            lambda odd: people.end_staff(SYSTEM, odd),
            lambda odd: people.make_key(SYSTEM, odd),
            lambda odd: people.revoke_key(SYSTEM, odd),
            lambda odd: people.enter(SYSTEM, user.pk, odd),
            people_queries.machine,
        ]
    ):
        assert all_odd(take) == {}, number


def test_links_and_amounts():
    assert all_odd(lambda odd: links.read("join", odd)) == {}

    def amount(odd):
        with suppress(ValueError):
            parse_yuan(odd)

    assert all_odd(amount) == {}


def test_what_is_cleaned_is_visible_and_can_be_kept():
    for odd in ODD_TEXTS.values():
        for clean in (text.clean, text.clean_line):
            kept = clean(odd, limit=20_001, required=False)
            assert kept.encode() is not None
            assert "\x00" not in kept
            assert clean(kept, limit=20_001, required=False) == kept
