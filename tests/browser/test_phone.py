"""A member's whole way on the phone: in, hello, red packet, 1, first task, wallet."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
)
from pytest_django.live_server_helper import LiveServer

from loop28.doors import gate
from loop28.doors.member.joining import invitation_path
from loop28.front.groups import moderation
from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Invitation, Line
from loop28.front.packets.models import Share
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.browser.screens import fits
from tests.line_kit import group, invitation, live_until, local, moving_clock, open_line, seated
from tests.phones import phone

pytestmark = pytest.mark.django_db(transaction=True)

SMALL_PHONE: ViewportSize = {"width": 390, "height": 844}
BYTES_MAX = 100_000
PAGES = ("/today", "/path", "/groups", "/wallet", "/wallet/payout", "/me", "/invite")


@pytest.fixture
def line(transactional_db: None) -> Iterator[Line]:
    with moving_clock():
        yield open_line()


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens a phone's browser on this site; a script error or a blocked style fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_phone(
        member: int | None = None,
        *,
        script: bool = True,
        language: str = "",
        may_complain: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport=SMALL_PHONE,
            base_url=live_server.url,
            java_script_enabled=script,
            locale="zh-CN",
        )
        contexts.append(context)
        cookies = {"django_language": language}
        if member is not None:
            cookies[gate.COOKIE] = phone(member).cookies[gate.COOKIE].value
        context.add_cookies(
            [{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items() if v]
        )
        page = context.new_page()
        if may_complain:
            return page
        page.on("console", lambda said: _note(complaints, said))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_phone
    for context in contexts:
        context.close()  # again does no harm
    assert complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_stranger_joins_chats_opens_a_packet_answers_the_call_does_a_task_and_is_paid(
    line: Line, opened: Callable[..., Page], script: bool
) -> None:
    page = opened(script=script)

    def later(moment: datetime) -> None:
        live_until(moment)
        if not script:
            page.reload()

    page.goto(invitation_path(Invitation.objects.get(id=invitation(line))))
    page.fill("[name=name]", "林小满")
    page.check("[name=adult]")
    page.check("[name=consent]")
    page.get_by_role("button", name="加入").click()
    expect(page).to_have_url(re.compile(rf"/group/{group(line)}$"))

    page.fill("textarea", "大家好，我是小满")
    page.get_by_role("button", name="发送").click()
    mine = page.locator(".msg", has_text="大家好，我是小满")
    expect(mine).to_have_count(1)
    if script:
        expect(mine).to_have_class(re.compile("is-me"))
        expect(page.locator("textarea")).to_have_value("")

    later(local(1, 12, 30))
    page.locator("a.packet", has_text="初次见面").click()
    page.locator("button.open").click()
    expect(page.locator(".won")).to_be_visible()
    share = Share.objects.get(member__name="林小满").fen
    expect(page.locator(".won")).to_have_text(yuan(share))

    page.get_by_role("link", name="去群里").click()
    expect(page).to_have_url(re.compile(rf"/group/{group(line)}$"))
    later(local(2, 20))
    page.locator("#pinned button", has_text="打 1").click()
    expect(page).to_have_url(re.compile(rf"/group/{group(line, 2)}$"))

    live_until(local(3, 8, 30))
    page.goto("/today")
    page.get_by_role("button", name="打卡").click()
    expect(page.locator(".alert-success")).to_contain_text(f"+{yuan(50)} 已进钱包")

    page.get_by_role("link", name="钱包").click()
    expect(page.locator(".balance")).to_have_text(yuan(share + 50))


def test_what_others_say_appears_by_itself_and_a_double_tap_is_one_message(
    line: Line, opened: Callable[..., Page]
) -> None:
    me, other = seated(line, 2)
    page = opened(me)
    page.goto(f"/group/{group(line)}")
    phone(other).post(f"/group/{group(line)}/say", {"text": "有人在吗"})
    expect(page.locator(".msg", has_text="有人在吗")).to_be_visible(timeout=10_000)
    expect(page.locator(".msg.is-me")).to_have_count(0)
    page.fill("textarea", "我在")
    page.locator(".composer button").dblclick()
    expect(page.locator(".msg.is-me", has_text="我在")).to_have_count(1)
    page.fill("textarea", "再说一句")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".msg.is-me", has_text="再说一句")).to_have_count(1)
    assert Message.objects.filter(member=me).count() == 2


def test_words_that_did_not_arrive_stay_where_they_are(
    line: Line, opened: Callable[..., Page]
) -> None:
    (me,) = seated(line, 1)
    page = opened(me, may_complain=True)
    page.goto(f"/group/{group(line)}")
    page.route("**/say", lambda route: route.abort())
    page.fill("textarea", "听得到吗")
    page.locator(".composer button").click()
    expect(page.locator("[data-unsent]")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("听得到吗")
    page.unroute("**/say")
    page.locator(".composer button").click()
    expect(page.locator(".msg.is-me", has_text="听得到吗")).to_have_count(1)
    expect(page.locator("[data-unsent]")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_is_wider_than_the_phone_or_heavier_than_it_may_be(
    line: Line, opened: Callable[..., Page], language: str
) -> None:
    people = seated(line, 15)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, people)
    live_until(local(3, 12, 31))
    for number in range(40):
        writer = phone(people[number % 15])
        writer.post(f"/group/{group(line, 2)}/say", {"text": f"第{number}句，今天也来报个到"})
    tasks = [f"/task/{a.pk}" for a in Assignment.objects.filter(member=people[0])]
    chats = [f"/group/{group(line, 2)}", f"/packet/{line.packets.latest('beat_id').pk}"]
    parts = ("people", "tick", "call", "invitations", "cards", "care")
    of_host = ["/host/", "/host/offers", *(f"/host/line/{line.pk}/{part}" for part in parts)]
    looks = {people[0]: [*PAGES, *tasks, *chats], line.host_id: of_host}
    for member, addresses in looks.items():
        for address in addresses:
            page = opened(member, language=language)  # a new phone has nothing in its cache
            weight = _weighed(page)
            page.goto(address)
            assert fits(page), address
            assert sum(weight) < BYTES_MAX, address
            page.context.close()


def _note(complaints: list[str], said: ConsoleMessage) -> None:
    if said.type == "error":
        complaints.append(said.text)


def _weighed(page: Page) -> list[int]:
    """What the page takes over the air, without pictures, as it comes in."""
    weight: list[int] = []

    def weigh(request: Request) -> None:
        if request.resource_type in {"document", "stylesheet", "script"}:
            weight.append(request.sizes()["responseBodySize"])

    page.on("requestfinished", weigh)
    return weight


def test_the_cookie_is_out_of_reach_of_scripts(line: Line, opened: Callable[..., Page]) -> None:
    (me,) = seated(line, 1)
    page = opened()
    page.goto(gate.personal_link(me).removeprefix(settings.URL))
    expect(page).to_have_url(re.compile("/today$"))
    assert "loop28" not in page.evaluate("document.cookie")


def test_a_message_that_is_taken_down_goes_from_chats_that_stand_open(
    line: Line, opened: Callable[..., Page]
) -> None:
    writer, reader = seated(line, 2)
    phone(writer).post(f"/group/{group(line)}/say", {"text": "加我微信日结"})
    phone(writer).post(f"/group/{group(line)}/say", {"text": "大家好"})
    page = opened(reader)
    page.goto(f"/group/{group(line)}")
    expect(page.locator(".bubble", has_text="加我微信日结")).to_have_count(1)
    moderation.take_down(SYSTEM, Message.objects.get(text="加我微信日结").pk, "广告")
    gone = page.locator(".stream .notice", has_text="一条消息已被大区撤下")
    expect(gone).to_have_count(1, timeout=15_000)
    expect(page.locator(".bubble")).to_have_text(["大家好"])
    expect(page.locator("[data-jump]")).to_be_hidden()  # nothing new came
    page.locator(".msg .about").first.click()
    expect(page).to_have_url(re.compile(r"/message/\d+$"))
