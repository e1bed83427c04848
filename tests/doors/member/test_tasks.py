import pytest
from django.test import Client
from django.utils import translation

from loop28.doors.member.tasks import reward_words
from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.refusals import NothingToCheckIn
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.factories import member
from tests.front.tasks.kit import open_line, passing
from tests.line_kit import group, live_until, local, seated
from tests.phones import ODD_TEXTS, phone, text_of


@pytest.fixture
def me(line: Line) -> int:
    """Somebody in training, at nine on day 3."""
    (number,) = seated(line, 1)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [number])
    live_until(local(3, 9))
    return number


def _task(me: int, key: str) -> Assignment:
    return Assignment.objects.get(member=me, task=key)


def test_a_quiz_is_done_when_every_answer_is_right(me: int) -> None:
    client, quiz = phone(me), f"/task/{_task(me, 'quiz').pk}"
    wrong = client.post(quiz, {"q1": "1"})
    assert wrong.status_code == 422
    assert "没答对" in text_of(wrong)
    assert 'value="1" required checked' in text_of(wrong)
    assert "+¥\xa01.00 已进钱包" in text_of(client.post(quiz, {"q1": "2"}, follow=True))
    assert _task(me, "quiz").done_at is not None


def test_the_page_of_a_quiz_does_not_tell_the_answer(me: int) -> None:
    page = text_of(phone(me).get(f"/task/{_task(me, 'quiz').pk}"))
    assert page.count('type="radio"') == 3
    assert "checked" not in page


@pytest.mark.usefixtures("at")
def test_a_task_says_what_opens_by_it_and_leads_there() -> None:
    other = open_line(
        ("[checkin, name-shop, quiz]", "[quiz]"),
        ("[lock-fan, post-moment, own-words]", "[checkin, lock-fan, post-moment, own-words]"),
        ("kind: name_shop\n", "kind: name_shop\n    after: quiz\n"),
    )
    (me,) = passing(other, 1)
    client, quiz = phone(me), f"/task/{_task(me, 'quiz').pk}"
    assert "「给小店起个名」就会打开" in text_of(client.get(quiz))
    done = client.post(quiz, {"q1": "2"}, follow=True)
    opened = _task(me, "name-shop")
    assert "新的一关已经为你打开" in text_of(done)
    assert f'href="/task/{opened.pk}"' in done.content.decode()


def test_odd_answers_are_wrong_answers(me: int) -> None:
    client, quiz = phone(me), f"/task/{_task(me, 'quiz').pk}"
    for text in ODD_TEXTS:
        assert client.post(quiz, {"q1": text, "q9": text}).status_code == 422, text


def test_what_the_host_ticks_is_told_in_the_group_once(line: Line, me: int) -> None:
    client, task = phone(me), _task(me, "name-shop")
    assert "我做到了" in text_of(client.get(f"/task/{task.pk}"))
    for _ in range(2):
        page = text_of(client.post(f"/task/{task.pk}/tell", follow=True))
        assert "已告诉店主" in page
    told = Message.objects.get(group=group(line, 2), member=me)
    assert "给小店起个名" in told.text


def test_only_what_a_person_ticks_can_be_told(me: int) -> None:
    phone(me).post(f"/task/{_task(me, 'checkin').pk}/tell")
    assert not Message.objects.filter(member=me).exists()


def test_a_task_that_is_over_says_since_when(me: int) -> None:
    client = phone(me)
    live_until(local(5, 9))
    page = text_of(client.get(f"/task/{_task(me, 'quiz').pk}"))
    assert "已截止" in page
    assert 'type="radio"' not in page
    assert client.post(f"/task/{_task(me, 'quiz').pk}", {"q1": "2"}).status_code == 410


def test_the_first_order_shows_product_and_link(me: int) -> None:
    live_until(local(5, 9))
    page = text_of(phone(me).get(f"/task/{_task(me, 'first-order').pk}"))
    assert "五常大米" in page
    assert "https://shop.example/rice" in page
    assert "0 / 1" in page


@pytest.mark.parametrize(
    ("kind", "amount", "theirs"),
    [
        ("money", 50, f"+{yuan(50)} in your wallet"),
        ("points", 20, "+20 points"),
        ("points", 1, "+1 point"),
        ("coupon", 0, "Coupon “X”"),
        ("badge", 0, "Badge “X”"),
        ("course", 0, "Course “X”"),
    ],
)
def test_what_is_held_is_not_told_as_if_it_were_theirs(kind, amount, theirs) -> None:
    with translation.override("en"):
        reward = Entitlement(kind=kind, amount=amount, title="X", state="settled")
        assert reward_words(reward) == theirs
        reward.state = "held"
        named = theirs.removesuffix(" in your wallet")
        assert reward_words(reward).endswith(f"in case of a refund or re-audit: {named}")


def test_a_task_is_ones_own(line: Line, me: int) -> None:
    task = _task(me, "quiz").pk
    for other in (phone(member().pk), phone(line.host_id)):
        assert other.get(f"/task/{task}").status_code == 404
        assert other.post(f"/task/{task}", {"q1": "2"}).status_code == 404
        assert other.post(f"/task/{task}/tell").status_code == 404
        assert other.post(f"/line/{line.pk}/check-in").status_code == 404
    assert Client().get(f"/task/{task}").status_code == 403
    assert _task(me, "quiz").done_at is None


def test_checking_in_with_nothing_open_is_refused_in_words(line: Line, me: int) -> None:
    assert phone(member().pk).post(f"/line/{line.pk}/check-in").status_code == 404
    live_until(local(4, 20))
    assert phone(me).post(f"/line/{line.pk}/check-in").status_code == 409


def test_a_tap_that_counts_for_nothing_says_so(me: int, line: Line) -> None:
    address = f"/line/{line.pk}/check-in"
    assert phone(me).post(address).status_code == 302
    live_until(local(5, 9))
    refused = phone(me).post(address, HTTP_HX_REQUEST="true")
    assert refused.status_code == NothingToCheckIn.status
    assert "现在没有可以打卡的任务" in text_of(refused)


def test_whoever_left_the_line_checks_in_no_more(me: int, line: Line) -> None:
    lines.leave(SYSTEM, line.pk, me)
    assert phone(me).post(f"/line/{line.pk}/check-in").status_code == 404
    assert not Assignment.objects.get(member=me, task="checkin").done_at
