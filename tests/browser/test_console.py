"""The console in a real browser, on the desk and on the phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from loop28.front.ladder import actions as ladder
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import queries
from loop28.kernel.access import SYSTEM, Role
from tests.browser.screens import fits
from tests.factories import member, region, staff
from tests.line_kit import SMALL

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "eight-lanterns-hang"
DESK, PHONE = 1440, 390


@pytest.fixture
def ready(transactional_db: None) -> None:
    """An installation with everything a first line needs."""
    queries.forget()
    region("HD")
    text = SMALL.read_text()
    playbooks.publish(SYSTEM, text)
    playbooks.publish(SYSTEM, text.replace('budget: "200.00"', 'budget: "900.00"'))
    for name in ("何娟", "李丽"):
        ladder.appoint(SYSTEM, member(name).pk, "owner", "first")
    staff(Role.ADMINISTRATOR, password=PASSWORD)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: object, ready: None
) -> Iterator[Page]:
    """Signed in, in English; whatever the page complains of in its console fails the test."""
    from loop28.back.people.models import User

    context = browser.new_context(viewport={"width": request.param, "height": 844})
    context.add_cookies([{"name": "django_language", "value": "en", "url": str(live_server)}])
    tab, complaints = context.new_page(), []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.goto(f"{live_server}/console/sign-in")
    tab.fill("[name=username]", User.objects.get().username)
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button")
    tab.wait_for_url("**/console/")
    yield tab
    context.close()
    assert complaints == []


def test_a_manager_opens_a_line_through_the_form(page: Page) -> None:
    expect(page.locator("main")).to_contain_text("Three steps to the first line")
    page.click("main a:has-text('Open a line')")
    page.select_option("[name=playbook]", label="五天小打法 v1")
    page.wait_for_selector("[name=budget][value='200.00']")
    page.fill("[name=size]", "12")
    page.keyboard.press("Tab")
    page.wait_for_selector("#costs >> text=12 people")
    page.select_option("[name=host]", label="何娟")
    page.check("label:has-text('李丽') input")
    page.click("form.open-line button")
    page.wait_for_url("**/console/lines/*")
    line = Line.objects.get()
    expect(page.locator("h1")).to_have_text(line.code)
    expect(page.locator(".messages")).to_contain_text("is open")
    assert (line.size, line.invitations.count(), line.host.name) == (12, 2, "何娟")


def test_every_page_fits_its_screen_and_runs_no_forbidden_script(page: Page) -> None:
    _open_a_line(page)
    line = Line.objects.get()
    pages = [
        *("", "lines", "lines/open", "playbooks", "playbooks/new", "hosts"),
        f"playbooks/{line.playbook_id}",
        *("hosts/appoint", "orders", "orders/upload", "budgets", "payouts", "ledger", "staff"),
        *("regions", "keys"),
        *(
            f"lines/{line.pk}{tab}"
            for tab in ("", "/calendar", "/members", "/invitations", "/packets", "/budget")
        ),
    ]
    start = page.url.partition("/console/")[0]
    for path in pages:
        response = page.goto(f"{start}/console/{path}")
        assert response
        assert response.status == 200, path
        assert fits(page), path


def _open_a_line(page: Page) -> None:
    page.click("main a:has-text('Open a line')")
    page.select_option("[name=host]", index=1)
    page.click("form.open-line button")
    page.wait_for_url("**/console/lines/*")


def test_the_heat_map_is_drawn_and_its_numbers_can_be_read(page: Page) -> None:
    _open_a_line(page)
    Line.objects.update(start_day=Line.objects.get().opened_at.date())
    page.goto(page.url.partition("/lines/")[0] + "/")
    page.wait_for_selector(".chart canvas")
    page.click("text=The numbers")
    expect(page.locator(".chart-numbers tbody tr")).to_have_count(5)


def test_a_dialogue_in_the_last_row_of_a_table_is_not_cut_off(page: Page) -> None:
    for _ in range(3):
        staff(Role.FINANCE)
    page.goto(page.url + "staff")
    page.click("details.dialog >> nth=-1 >> summary")
    box = page.locator("details[open] .dialog-body").bounding_box()
    view = page.viewport_size
    assert box
    assert view
    assert box["y"] + box["height"] <= view["height"]
    page.click("details[open] .dialog-body button")
    expect(page.locator(".messages")).to_contain_text("can no longer sign in")
