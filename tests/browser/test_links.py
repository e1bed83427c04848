"""A shared link in a real browser: what runs by itself counts nothing, a finger does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from loop28.front.referrals import queries
from loop28.front.referrals.models import Link
from tests.browser.screens import fits
from tests.front.referrals.kit import product_link
from tests.line_kit import moving_clock, open_line, seated

pytestmark = pytest.mark.django_db(transaction=True)

AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
BYTES_MAX = 100_000


@pytest.fixture
def link(transactional_db: None) -> Iterator[Link]:
    with moving_clock():
        line = open_line()
        yield product_link(line, seated(line, 1)[0])


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def opened(
    browser: Browser, live_server: LiveServer, link: Link, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The landing page on a phone; the shop it leads to is somewhere else."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        base_url=live_server.url,
        java_script_enabled=request.param,
        has_touch=True,
        user_agent=AGENT,
    )
    page = context.new_page()
    page.route("https://shop.example/**", lambda route: route.fulfill(body="the shop"))
    page.goto(f"/s/{link.token}")
    yield page
    context.close()


def clicks(link: Link) -> int:
    return queries.counted([link.pk])[link.pk].clicks


def test_the_button_leads_to_the_shop_and_counts_once(opened: Page, link: Link) -> None:
    assert clicks(link) == 0
    for _ in range(2):
        opened.goto(f"/s/{link.token}")
        opened.get_by_role("button", name="shop").click()
        opened.wait_for_url("https://shop.example/rice")
    assert clicks(link) == 1


@pytest.mark.parametrize("opened", [True], indirect=True)
def test_a_page_that_lies_open_counts_nothing_until_a_finger_touches_it(
    opened: Page, link: Link
) -> None:
    opened.reload()
    opened.evaluate("document.dispatchEvent(new Event('pointerdown'))")  # what a program does
    opened.evaluate("window.scrollTo(0, 100)")
    opened.wait_for_timeout(300)
    assert clicks(link) == 0
    with opened.expect_response(lambda answer: answer.request.method == "POST") as told:
        opened.get_by_role("heading", level=1).tap()
    assert told.value.status == 204
    assert clicks(link) == 1
    expect(opened.get_by_role("button", name="shop")).to_be_visible()


@pytest.mark.parametrize("opened", [True], indirect=True)
def test_the_page_is_small_and_fits_a_phone(opened: Page) -> None:
    sizes: list[int] = []
    opened.on("response", lambda answer: sizes.append(len(answer.body())))
    opened.reload()
    opened.wait_for_load_state("networkidle")
    assert sum(sizes) < BYTES_MAX
    assert fits(opened)
