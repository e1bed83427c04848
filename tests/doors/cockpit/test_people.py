import pytest

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line, OptIn
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from loop28.middle.members import actions as members
from tests.line_kit import live_until, local, open_line, seated
from tests.phones import ODD_TEXTS, phone, text_of


def _in_training(line: Line, count: int) -> list[int]:
    comers = seated(line, count)
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, comers)
    return comers


def _post(line: Line, page: str, data: dict[str, object]) -> str:
    client = phone(line.host_id)
    return text_of(client.post(f"/host/line/{line.pk}/{page}", data, follow=True))


def test_people_are_found_by_a_part_of_the_name_or_their_number(line: Line) -> None:
    first, second = seated(line, 2)
    members.rename(SYSTEM, first, "林小满")
    members.rename(SYSTEM, second, "王秀兰")
    host = phone(line.host_id)
    for query in ("小满", str(first)):
        page = text_of(host.get(f"/host/line/{line.pk}/people?q={query}"))
        assert "林小满" in page
        assert "王秀兰" not in page
    assert "没有找到人" in text_of(host.get(f"/host/line/{line.pk}/people?q=没有"))


@pytest.mark.parametrize("page", ["people", "tick", "call"])
def test_odd_words_find_nobody_and_do_no_harm(line: Line, page: str) -> None:
    _in_training(line, 1)
    client = phone(line.host_id)
    for text in ODD_TEXTS:
        if "\0" not in text:  # NUL in an address is refused at the gate
            asked = client.get(f"/host/line/{line.pk}/{page}", {"q": text, "page": text})
            assert asked.status_code == 200, text


def test_many_tasks_are_ticked_at_once_and_paid(line: Line) -> None:
    comers = _in_training(line, 3)
    live_until(local(4, 9))
    open_ones = Assignment.objects.filter(line=line, task="own-words")
    chosen = [a.pk for a in open_ones.filter(member_id__in=comers[:2])]
    assert "已给 2 个任务打勾" in _post(line, "tick", {"assignment": chosen})
    assert ledger.balance(SYSTEM, accounts.wallet(comers[0])) == 200
    assert open_ones.get(member_id=comers[2]).done_at is None
    assert "还没选人" in _post(line, "tick", {"assignment": chosen})


def test_who_says_it_is_done_stands_first(line: Line) -> None:
    comers = _in_training(line, 3)
    live_until(local(4, 9))
    told = Assignment.objects.get(member_id=comers[2], task="own-words")
    phone(comers[2]).post(f"/task/{told.pk}/tell")
    page = text_of(phone(line.host_id).get(f"/host/line/{line.pk}/tick"))
    first = page.index('name="assignment"')
    assert page[first:].startswith(f'name="assignment" value="{told.pk}"')
    assert page.count("说做到了") == 1


def test_only_what_waits_in_this_line_can_be_ticked(line: Line) -> None:
    other = open_line(code="HN")
    (me,) = _in_training(line, 1)
    live_until(local(4, 9))
    quiz = Assignment.objects.get(member_id=me, task="quiz").pk
    tick = Assignment.objects.get(member_id=me, task="own-words").pk
    assert "还没选人" in _post(line, "tick", {"assignment": [quiz, "x", 9 * 10**17, "9" * 30]})
    assert "还没选人" in _post(other, "tick", {"assignment": [tick]})
    assert not Assignment.objects.filter(done_at__isnull=False).exists()


def test_after_the_call_the_host_lets_somebody_in_by_hand(line: Line) -> None:
    first, second = seated(line, 2)
    live_until(local(2, 20, 1))
    phone(first).post(f"/line/{line.pk}/opt-in")
    page = text_of(phone(line.host_id).get(f"/host/line/{line.pk}/call"))
    assert "50.0%" in page
    assert f'value="{second}"' in page
    assert f'value="{first}"' not in page
    assert "已放进 1 人" in _post(line, "call", {"member": [second, "x", 10**17]})
    assert OptIn.objects.get(member=second).via == "operator"


def test_nobody_is_let_in_who_has_no_seat(line: Line) -> None:
    other = open_line(code="HN")
    (stranger,) = seated(other, 1)
    live_until(local(2, 21))
    assert "已放进 0 人" in _post(line, "call", {"member": [stranger]})
    assert "已放进 0 人" in _post(line, "call", {})


def test_once_the_line_is_over_nobody_is_let_in_any_more(line: Line) -> None:
    seated(line, 2)
    live_until(local(2, 21))
    page = f"/host/line/{line.pk}/call"
    assert "手动放人" in text_of(phone(line.host_id).get(page))
    live_until(local(6, 0))
    over = text_of(phone(line.host_id).get(page))
    assert "手动放人" not in over
    assert "0 / 2" in over


def test_before_the_call_the_page_says_so(line: Line) -> None:
    assert "报名还没开始" in text_of(phone(line.host_id).get(f"/host/line/{line.pk}/call"))


def test_the_invitation_page_has_code_gap_and_who_brought_how_many(line: Line) -> None:
    seated(line, 4)
    page = text_of(phone(line.host_id).get(f"/host/line/{line.pk}/invitations"))
    assert '<svg class="qr"' in page
    assert ">16<" in page
    assert '<b class="end num">4</b>' in page
    live_until(local(3, 9))
    assert "这条线已经不再进人" in text_of(
        phone(line.host_id).get(f"/host/line/{line.pk}/invitations")
    )


def test_earnings_look_back_on_every_line(line: Line) -> None:
    _in_training(line, 2)
    live_until(local(5, 22))
    page = text_of(phone(line.host_id).get("/host/earnings"))
    assert line.code in page
    assert "已毕业" in page
    assert "100.0%" in page
