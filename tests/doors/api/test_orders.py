import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from loop28.back.people import actions as people
from loop28.doors.api.orders import MAX_ORDERS
from loop28.kernel.access import SYSTEM
from loop28.middle.orders.models import Order
from tests.factories import member, staff

pytestmark = pytest.mark.django_db

Post = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def post() -> Post:
    key = people.make_key(SYSTEM, "微店")
    client = Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"})

    def send(body: object) -> tuple[int, dict[str, Any]]:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        response = client.post("/api/orders", raw, content_type="application/json")
        assert response["Content-Type"] == "application/json"
        return response.status_code, response.json()

    return send


def _order(seller: int = 1, **more: object) -> dict[str, object]:
    return {
        "shop": "微店",
        "id": "A1",
        "member": seller,
        "yuan": "12.30",
        "paid_at": "2025-11-20T19:30:00+08:00",
    } | more


def _batch(*orders: object) -> dict[str, object]:
    return {"orders": orders}


def test_orders_are_registered_with_an_outcome_for_each_in_their_order(post: Post) -> None:
    seller = member().pk
    status, answer = post(_batch(_order(seller), _order(seller, id="A2", member=10**6)))
    assert status == 200
    new, refused = answer["results"]
    assert new == {"shop": "微店", "id": "A1", "outcome": "new"}
    assert (refused["outcome"], refused["code"], refused["field"]) == (
        "refused",
        "seller-unknown",
        "member",
    )
    assert refused["message"]
    assert Order.objects.get().fen == 1230


def test_sent_again_nothing_happens_twice(post: Post) -> None:
    batch = _batch(_order(member().pk))
    assert post(batch)[1]["results"][0]["outcome"] == "new"
    assert post(batch)[1]["results"][0]["outcome"] == "known"
    assert Order.objects.count() == 1


def test_a_refund_is_reported_by_sending_the_order_again(post: Post) -> None:
    seller = member().pk
    post(_batch(_order(seller)))
    again = _order(seller, refunded_yuan="12.30", refunded_at="2025-11-21T10:00:00Z")
    assert post(_batch(again))[1]["results"][0]["outcome"] == "refunded"
    assert Order.objects.get().refunded_fen == 1230


def test_no_orders_are_no_mistake(post: Post) -> None:
    assert post(_batch()) == (200, {"results": []})


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer l28_made-up", "Basic YTpi", "Bearer \x00", "Bearer 钥匙"],
)
def test_without_a_good_key_there_is_no_entry(header: str) -> None:
    staff()
    response = Client().post(
        "/api/orders", b"{", content_type="application/json", headers={"authorization": header}
    )
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "key-needed"


def test_a_revoked_key_is_no_good(post: Post) -> None:
    people.revoke_key(SYSTEM, "微店")
    assert post(_batch())[0] == 401


def test_staff_who_are_signed_in_are_no_machines() -> None:
    client = Client()
    client.force_login(staff(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/api/orders", b"{}", content_type="application/json").status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_post_is_allowed(method: str) -> None:
    assert getattr(Client(), method)("/api/orders").status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"NaN",
        b"[" * 100_000,
        b'{"orders": [{"shop": "\\ud800"}]}',
        b'{"orders": [] } trailing',
        b"1" * 10_000,
    ],
)
def test_what_is_no_json_object_is_refused_with_400(post: Post, body: bytes) -> None:
    status, answer = post(body)
    assert status == 400
    assert answer["code"] == "not-json"
    assert answer["message"]


@pytest.mark.parametrize(
    ("batch", "field"),
    [
        ({}, "orders"),
        ({"orders": {}}, "orders"),
        ({"orders": None}, "orders"),
        ({"orders": [], "extra": 1}, "extra"),
        (_batch(1), "orders[0]"),
        (_batch(_order(), _order(yuan=12.3)), "orders[1].yuan"),
        (_batch(_order(yuan=12)), "orders[0].yuan"),
        (_batch(_order(yuan=None)), "orders[0].yuan"),
        (_batch(_order(yuan=["12.30"])), "orders[0].yuan"),
        (_batch(_order(refunded_yuan=0)), "orders[0].refunded_yuan"),
        (_batch(_order(member="7")), "orders[0].member"),
        (_batch(_order(member=7.0)), "orders[0].member"),
        (_batch(_order(member=True)), "orders[0].member"),
        (_batch(_order(member=0)), "orders[0].member"),
        (_batch(_order(member=10**30)), "orders[0].member"),
        (_batch(_order(paid_at=1700000000)), "orders[0].paid_at"),
        (_batch(_order(id=5)), "orders[0].id"),
        (_batch(_order(amount="1")), "orders[0].amount"),
        (_batch(_order() | {"长" * 5000: "1"}), "orders[0]." + "长" * 110),
        (_batch({"shop": "微店"}), "orders[0].id"),
    ],
)
def test_another_form_is_refused_with_422_the_place_and_the_cure(
    post: Post, batch: object, field: str
) -> None:
    member()
    status, answer = post(batch)
    assert status == 422
    assert (answer["code"], answer["field"]) == ("form-wrong", field)
    assert answer["message"]
    assert not Order.objects.exists()


def test_a_number_where_text_belongs_is_refused_with_the_cure(post: Post) -> None:
    assert '"12.30"' in post(_batch(_order(yuan=12.30)))[1]["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"yuan": "12,30"}, "yuan"),
        ({"yuan": "1e3"}, "yuan"),
        ({"yuan": "-1"}, "yuan"),
        ({"yuan": "0.00"}, "yuan"),
        ({"yuan": "9" * 5000}, "yuan"),
        ({"paid_at": "2025-11-20T19:30:00"}, "paid_at"),
        ({"paid_at": "2999-01-01T00:00:00Z"}, "paid_at"),
        ({"refunded_yuan": "12.31"}, "refunded_yuan"),
        ({"refunded_at": "2025-11-21T10:00:00Z"}, "refunded_yuan"),
        ({"shop": "\u200b"}, "shop"),
        ({"id": "号" * 10_000}, "id"),
        ({"buyer": "\u0000" + "b" * 81}, "buyer"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_by_itself(
    post: Post, change: dict[str, object], field: str
) -> None:
    seller = member().pk
    status, answer = post(_batch(_order(seller, id="B1"), _order(seller) | change))
    assert status == 200
    good, bad = answer["results"]
    assert good["outcome"] == "new"
    assert (bad["outcome"], bad["field"]) == ("refused", field)


def test_odd_texts_are_taken(post: Post) -> None:
    seller = member().pk
    odd = _order(seller, shop="店\u202e👨‍👩‍👧", id="\u200bＡ\u0000", buyer="עברית")
    assert post(_batch(odd))[1]["results"][0]["outcome"] == "new"
    assert post(_batch(odd))[1]["results"][0]["outcome"] == "known"


def test_too_many_orders_are_refused_with_413(post: Post) -> None:
    status, answer = post(_batch(*[_order(id=str(n)) for n in range(MAX_ORDERS + 1)]))
    assert (status, answer["code"]) == (413, "too-much")


def test_a_body_beyond_the_limit_is_refused_with_413(post: Post) -> None:
    assert post(b" " * 3_000_000)[0] == 413


def test_as_many_as_allowed_go_in_at_once(post: Post) -> None:
    seller = member().pk
    status, answer = post(_batch(*[_order(seller, id=str(n)) for n in range(MAX_ORDERS)]))
    assert status == 200
    assert {result["outcome"] for result in answer["results"]} == {"new"}


def test_machines_may_ask_for_chinese(post: Post) -> None:
    key = people.make_key(SYSTEM, "另一台")
    response = Client().post(
        "/api/orders",
        json.dumps(_batch(_order(yuan=1))),
        content_type="application/json",
        headers={"authorization": f"bearer {key}", "accept-language": "zh-CN"},
    )
    assert "十进制文本" in response.json()["message"]
