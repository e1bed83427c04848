"""The register of orders and the file by which they come in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from loop28.middle.orders.models import Order
from tests.factories import member, region

pytestmark = pytest.mark.django_db
HEAD = "shop,id,member,buyer,yuan,paid_at\n"


def _upload(client, text: str | bytes):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post("/console/orders/upload", {"file": SimpleUploadedFile("o.csv", content)})


def test_a_file_is_reported_row_by_row(desk):
    seller = member("王小明").pk
    good = f"有赞,A1,{seller},b,29.90,2026-03-02 10:00\n"
    text = HEAD + good + f"有赞,A2,{seller},b,abc,2026-03-02 10:00\n" + good
    response = _upload(desk("middle"), text)
    assert {label: number for label, number, _tone in response.context["figures"]} == {
        "new": 1,
        "known already": 1,
        "refunded": 0,
        "refused": 1,
    }
    assert [(m.line, m.refusal.field) for m in response.context["report"].refused] == [(3, "yuan")]
    assert Order.objects.count() == 1
    page = desk("middle").get("/console/orders").content.decode()
    assert "A1" in page
    assert "王小明" in page


NO_LISTS = ["", "hello", b"\xff\xfe\x00\x01", "a,b\n1,2\n", HEAD + '"no end', "x" * 5_100_000]


@pytest.mark.parametrize("text", NO_LISTS)
def test_a_file_that_is_no_list_of_orders_is_refused_in_words(desk, text):
    response = _upload(desk(), text)
    assert response.status_code in {200, 422}
    assert response.context["form"].errors or response.context["report"].refused
    assert not Order.objects.exists()


def test_no_file_is_a_mistake_of_the_form(desk):
    assert desk().post("/console/orders/upload").status_code == 422


@pytest.mark.parametrize("odd", ["%", "_", "'; --", "\u202e💥", "A" * 10_000, "＊"])
def test_any_search_is_answered(desk, odd):
    assert desk().get("/console/orders", {"q": odd}).status_code == 200


def test_region_managers_see_orders_at_their_lines_alone(desk):
    assert desk("region_manager", region("HD")).get("/console/orders").status_code == 403
