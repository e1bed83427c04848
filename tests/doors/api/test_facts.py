"""What machines tell: by their own kinds and keys, answered one by one, after the commit."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from loop28.back.people import actions as people_
from loop28.front.tasks import actions, intake, rules, telling
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment, Happening
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.amounts import MILLIONTHS
from tests.front.tasks.model import Task
from tests.front.tasks.test_facts import NOON, line_with
from tests.line_kit import moving_clock, people
from tests.odd_text import ODD_TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move():
    with moving_clock() as clock:
        yield clock


@pytest.fixture
def member():
    spend = Task("spent", "sum", 10 * MILLIONTHS, strict=False, where={}, hours=24)
    line = line_with({"spend": spend})
    (number,) = people(1)
    actions.give(SYSTEM, line, [Given(number, "spend", "hand:1", NOON)])
    clock.move_to(NOON + timedelta(hours=1))
    return number


def machine(name="till"):
    key = people_.make_key(SYSTEM, name)
    client = Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"})

    def send(*facts, **more):
        body = json.dumps({"facts": facts} | more)
        return client.post("/api/facts", body, content_type="application/json")

    return send


def fact(member, key="a", **more):
    when = (NOON + timedelta(hours=1)).isoformat()
    return {"key": key, "kind": "spent", "member": member, "at": when, "amount": "4.00"} | more


def outcomes(response):
    assert response.status_code == 200, response.content
    return [one.get("code") or one["outcome"] for one in response.json()["results"]]


def row():
    return Assignment.objects.get()


def test_each_fact_is_answered_by_itself_in_the_order_sent(member):
    sent = [
        fact(member),
        fact(member),
        fact(member, amount="9"),
        fact(member + 99, "b"),
        fact(member, "c", kind="order_paid"),
        fact(member, "d", amount="-1"),
        fact(member, "e", at="2026-03-02T12:00:00"),
        fact(member, "f", kind="seen"),
        fact(member, "g", amount="6.000001"),
    ]
    found = outcomes(machine()(*sent))
    assert found[:2] == ["counted", "duplicate"]
    assert found[2:7] == [
        "key-taken",
        "unknown-member",
        "kind-is-ours",
        "not-an-amount",
        "not-a-time",
    ]
    assert found[7:] == ["kept", "counted"]
    assert row().progress == 10_000_001
    assert row().done_at == NOON + timedelta(hours=1)


def test_two_machines_may_use_the_same_key(member):
    assert (
        outcomes(machine()(fact(member))) == outcomes(machine("gate")(fact(member))) == ["counted"]
    )
    assert row().progress == 8 * MILLIONTHS


def test_a_machine_takes_back_its_own_facts_alone(member):
    till, gate = machine(), machine("gate")
    till(fact(member))
    gate(taken_back=["a"])
    assert row().progress == 4 * MILLIONTHS
    undone = till(taken_back=["a", "b"]).json()
    assert undone == {"results": [], "completions_undone": 0, "unknown": ["b"]}
    assert row().progress == 0


def test_what_has_another_form_is_refused_by_its_place(member):
    send = machine()
    response = send(fact(member, amount=4.5))
    assert (response.status_code, response.json()["field"]) == (422, "facts[0].amount")
    response = send(fact(member) | {"colour": "red"})
    assert "key, kind, member" in response.json()["message"]
    assert send(*[fact(member, str(n)) for n in range(1001)]).status_code == 413
    assert not Happening.objects.exists()


LONG = {"way": "a" * 101}, "facts[0].fields.way"
LONG_NAME = {"w" * 41: "app"}, "facts[0].fields." + "w" * 41
LIKE_ANOTHER = {"key": 1}, "facts[0].fields.key"
MANY = {str(n): n for n in range(21)}, "facts[0].fields"


@pytest.mark.parametrize(("fields", "place"), [LONG, LONG_NAME, LIKE_ANOTHER, MANY])
def test_fields_beyond_their_limits_are_refused_by_name_and_told_how_long_they_may_be(
    member, fields, place
):
    response = machine()(fact(member, fields=fields))
    said = response.json()
    assert (response.status_code, said["field"]) == (422, place)
    assert "at most 100 characters" in said["message"]
    assert not Happening.objects.exists()


def test_what_is_wrong_in_a_list_of_keys_is_told_by_the_list(member):
    said = machine()(fact(member), taken_back=["a", 1]).json()
    assert said["field"] == "taken_back[1]"
    assert "1,000 keys" in said["message"]


def test_fields_as_long_as_they_may_be_go_in(member):
    fields = {"名" * 40: "值" * 100} | {str(n): "" for n in range(19)}
    assert outcomes(machine()(fact(member, fields=fields))) == ["counted"]
    assert Happening.objects.get().fields == fields


def test_what_has_not_happened_yet_is_refused_and_its_key_stays_free(member):
    send = machine()
    now = clock.now()
    for minutes, answer in [(11, "not-happened-yet"), (10, "counted")]:
        at = (now + timedelta(minutes=minutes)).isoformat()
        assert outcomes(send(fact(member, at=at))) == [answer]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_a_time_beyond_what_can_be_reckoned_is_no_time(member, at):
    assert outcomes(machine()(fact(member, at=at))) == ["not-a-time"]


def test_amounts_that_come_to_more_than_can_be_counted_stay_at_the_most(member):
    sent = [fact(member, str(n), amount="999999999999") for n in range(12)]
    assert outcomes(machine()(*sent)) == ["counted"] * 12
    assert row().progress == rules.MOST


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts_are_kept_as_told_or_refused_and_never_an_error_of_ours(member, text):
    send = machine()
    for more in (
        {"key": text},
        {"subject": text},
        {"fields": {"way": text}},
        {"fields": {text: "x"}},
        {"amount": text},
        {"at": text},
        {"kind": text},
    ):
        response = send(fact(member, "k" * len(str(more))) | more)
        assert response.status_code in {200, 400, 413, 422}, more
        assert b"put-aside" not in response.content, more
    assert send(taken_back=[text]).status_code in {200, 400, 413, 422}
    for one in Happening.objects.exclude(subject=""):
        assert one.subject == text


def test_one_fact_on_which_the_product_fails_is_put_aside_and_the_others_go_in(member, monkeypatch):
    def broken(facts):
        if any(one.key.endswith(":bad") for one in facts):
            raise RuntimeError("a bug")
        return good(facts)

    good = intake._new
    monkeypatch.setattr(intake, "_new", broken)
    sent = [fact(member, key, amount="1") for key in ("a", "b", "bad", "c", "d")]
    assert outcomes(machine()(*sent)) == ["counted", "counted", "put-aside", "counted", "counted"]
    assert row().progress == 4 * MILLIONTHS


def test_people_tell_nothing():
    for role in (Role.ADMINISTRATOR, Role.MEMBER):
        with pytest.raises(NotAllowed):
            telling.tell(Actor(role, 1), [])
