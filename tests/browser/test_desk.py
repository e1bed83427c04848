"""The keys of the review desk, as somebody presses them who looks at the picture."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from loop28.front.evidence.models import Proof
from tests.front.evidence import kit
from tests.line_kit import moving_clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(
    browser: Browser,
    live_server: LiveServer,
    transactional_db: None,
    settings: object,
    tmp_path: object,
) -> Iterator[Page]:
    """A picture that waits, in front of somebody who may decide."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    with moving_clock():
        line = kit.open_line()
        proof = kit.send(line, kit.passing(line)[0])
        client = Client()
        client.force_login(kit.reviewer(line))
        context = browser.new_context(base_url=live_server.url)
        name, cookie = next(iter(client.cookies.items()))
        context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"/console/review/{proof.pk}")
        yield page
        context.close()


def test_a_reason_is_chosen_and_told_in_words_and_no_letter_of_them_decides(desk: Page) -> None:
    desk.keyboard.press("r")
    desk.keyboard.press("a")  # which approves where no reasons stand open
    assert Proof.objects.get().state == "waiting"
    expect(desk.locator(".desk-no input:checked")).to_have_count(0)
    desk.keyboard.press("2")
    desk.keyboard.type("a bit dark")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/console/review")
    (review,) = Proof.objects.get().reviews.all()
    assert (review.decision, review.why, review.words) == ("rejected", "unreadable", "a bit dark")


def test_one_key_approves(desk: Page) -> None:
    expect(desk.locator("[data-picture]")).to_be_visible()
    desk.wait_for_load_state()
    desk.keyboard.press("a")
    desk.wait_for_url("**/console/review")
    assert Proof.objects.get().state == "approved"
