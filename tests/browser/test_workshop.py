"""The playbook workshop, walked by two people from a draft to a published version."""

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from loop28.doors.cli import rehearsing
from loop28.front.lines.models import Line
from loop28.front.playbooks import rehearsals
from loop28.front.playbooks.models import Draft, PlaybookVersion
from loop28.kernel.access import Role
from tests.browser.screens import fits
from tests.factories import staff
from tests.line_kit import SMALL, live_until, local, moving_clock, open_line, seated

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "eight-lanterns-hang"
DESK, PHONE = 1440, 390
TEXT = SMALL.read_text()
WRONG = TEXT.replace('total: "10.00"', "total: 10", 1)
DEAR = TEXT.replace('total: "10.00"', 'total: "18.00"', 1)
FAIR = TEXT.replace('total: "10.00"', 'total: "12.00"', 1)
SignIn = Callable[[Role, int], Page]


@pytest.fixture
def lived(transactional_db: None) -> Iterator[Line]:
    """A line of the first version that is over."""
    with moving_clock():
        line = open_line()
        seated(line, 4)
        live_until(local(6, 1))
        yield line


@pytest.fixture
def sign_in(browser: Browser, live_server: object, lived: Line) -> Iterator[SignIn]:
    """A browser of one's own, in English; what a page complains of there fails the test."""
    contexts, complaints = [], []

    def enter(role: Role, width: int) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844})
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": "en", "url": str(live_server)}])
        tab = context.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda m: complaints.append(m.text) if _is_wrong(m) else None)
        tab.goto(f"{live_server}/console/sign-in")
        tab.fill("[name=username]", staff(role, password=PASSWORD).username)
        tab.fill("[name=password]", PASSWORD)
        tab.click("main button")
        tab.wait_for_url("**/console/")
        return tab

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_a_draft_goes_to_a_second_person_comes_back_and_is_published(
    sign_in: SignIn, lived: Line, width: int
) -> None:
    author, reviewer = sign_in(Role.MIDDLE, width), sign_in(Role.ADMINISTRATOR, width)
    _begin(author)
    _find_the_mistake(author)
    _hand_in(author, DEAR)

    _open_what_waits(reviewer)
    _sees_the_change(reviewer, "18.00")
    reviewer.click("button:has-text('Send back')")
    expect(reviewer.locator("#verdict .errorlist")).to_be_visible()
    assert Draft.objects.get().state == "in_review"
    reviewer.fill("[name=comment]", "十八块太多，十二块就好")
    reviewer.click("button:has-text('Send back')")
    reviewer.wait_for_selector(".messages >> text=Sent back")

    _reload(author)
    expect(author.locator("main")).to_contain_text("十八块太多，十二块就好")
    _hand_in(author, FAIR)

    _open_what_waits(reviewer)
    _sees_the_change(reviewer, "12.00")
    reviewer.click("button:has-text('Publish')")
    reviewer.wait_for_selector(".messages >> text=is published")
    assert PlaybookVersion.objects.latest("id").source == FAIR
    _compares_the_versions(reviewer)
    lived.refresh_from_db()
    assert lived.playbook.source == TEXT


def test_a_draft_is_rehearsed_beside_the_last_real_line(
    sign_in: SignIn, lived: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsals, "SEEDS", 2)
    author, phone = sign_in(Role.MIDDLE, DESK), sign_in(Role.AUDITOR, PHONE)
    _begin(author)
    author.click("main a:has-text('Rehearsal')")
    author.click("button:has-text('Rehearse it')")
    author.wait_for_selector("#rehearsal .meter")
    assert rehearsing.rehearse_next(threading.Event())
    author.wait_for_selector("#rehearsal >> text=2 rehearsed lines")  # without a reload
    phone.goto(author.url)
    for page in (author, phone):
        expect(page.locator("#rehearsal")).to_contain_text(lived.code)
        lowest, middle, highest, real = _row(page, "Joined")
        assert int(lowest.inner_text()) <= int(middle.inner_text()) <= int(highest.inner_text())
        assert real.inner_text() == "4"
        assert fits(page)


def _is_wrong(said: ConsoleMessage) -> bool:
    """A browser notes every refusal as an error; that it is one is what we ask for."""
    return said.type == "error" and "status of 422" not in said.text


def _row(page: Page, figure: str) -> list[Locator]:
    return page.locator(f"#rehearsal tr:has(th:text-is('{figure}')) td").all()


def _begin(author: Page) -> None:
    author.goto(f"{author.url}playbooks")
    author.click("main a:has-text('Write a playbook')")
    author.wait_for_url("**/playbooks/new")
    assert fits(author)
    author.select_option("[name=version]", label="五天小打法 v1")
    author.click("button:has-text('Begin the draft')")
    author.wait_for_selector("#findings >> text=No mistake")
    assert fits(author)


def _find_the_mistake(author: Page) -> None:
    author.fill("#text", WRONG)
    author.wait_for_selector("#findings >> text=1 mistake")
    author.click(".mistake")
    expect(author.locator("#text")).to_be_focused()
    assert fits(author)


def _hand_in(author: Page, text: str) -> None:
    author.fill("#text", text)
    author.wait_for_selector("#findings >> text=No mistake")
    author.click("button:has-text('Hand in for review')")
    author.wait_for_selector(".messages >> text=Handed in")
    assert Draft.objects.get().text == text
    expect(author.locator("main")).to_contain_text("Somebody else reviews")
    assert author.locator("#verdict").count() == 0
    assert fits(author)


def _open_what_waits(reviewer: Page) -> None:
    reviewer.goto(reviewer.url.partition("/console/")[0] + "/console/playbooks")
    assert fits(reviewer)
    reviewer.click("main a:has-text('五天小打法') >> nth=0")
    reviewer.wait_for_selector("#verdict")


def _sees_the_change(reviewer: Page, total: str) -> None:
    for said in ("10.00", total):
        expect(reviewer.locator("main")).to_contain_text(said)
    assert fits(reviewer)


def _reload(page: Page) -> None:
    page.reload()
    page.wait_for_selector("#findings >> text=No mistake")
    assert fits(page)


def _compares_the_versions(reviewer: Page) -> None:
    assert fits(reviewer)
    reviewer.click("main a:has-text('Compare')")
    for said in ("v1", "v2", "12.00"):
        expect(reviewer.locator("main")).to_contain_text(said)
    assert fits(reviewer)
