"""What hosts and members see of a line that is paused, stopped, or run by somebody else."""

from django.test import Client

from loop28.front.groups.models import Message
from loop28.front.lines import course
from loop28.front.lines.models import Beat, Line
from loop28.kernel.access import SYSTEM
from tests.line_kit import group, live_until, local, people, seated
from tests.phones import phone, text_of


def _page(client: Client, line: Line, path: str = "/host/") -> str:
    return text_of(client.get(f"{path}?line={line.pk}"))


def test_a_paused_line_has_no_cards_and_says_so(line: Line) -> None:
    (member,) = seated(line, 1)
    live_until(local(2, 19))
    assert "今晚八点" in _page(phone(line.host_id), line)
    course.pause(SYSTEM, line.pk, "台风")
    page = _page(phone(line.host_id), line)
    assert "今晚八点" not in page
    assert "暂停" in page
    assert "先歇一歇" in _page(phone(member), line, "/today")
    answer = phone(line.host_id).post(
        f"/host/beat/{Beat.objects.get(line=line, key='d2-evening').pk}/send", follow=True
    )
    assert "暂停" in text_of(answer)


def test_a_stopped_line_has_not_graduated(line: Line) -> None:
    (member,) = seated(line, 1)
    live_until(local(2, 20, 30))
    assert "/opt-in" in _page(phone(member), line, "/today")
    course.stop(SYSTEM, line.pk, "就到这里", "预算")
    page = _page(phone(member), line, "/today")
    assert "提前结束" in page
    assert "/opt-in" not in page
    page = _page(phone(line.host_id), line)
    assert "停掉了" in page
    assert "毕业" not in page
    assert "毕业" not in _page(phone(line.host_id), line, "/host/earnings")
    live_until(local(2, 20, 31))
    assert "就到这里" in text_of(phone(member).get(f"/group/{group(line)}"))


def test_the_former_host_is_told_and_shut_out_and_the_new_one_finds_the_cards(line: Line) -> None:
    live_until(local(2, 19))
    former = phone(line.host_id)
    (host,) = people(1, "接手店主")
    course.hand_over(SYSTEM, line.pk, host, "病了")
    page = _page(phone(host), line)
    assert "今晚八点" in page
    assert "由你来带" in page
    assert former.get(f"/host/?line={line.pk}").status_code == 404
    assert former.get(f"/host/line/{line.pk}/people").status_code == 404
    assert "由接手店主0来带" in text_of(former.get("/today"))
    assert "病了" not in text_of(former.get("/today"))
    assert former.get(f"/group/{group(line)}").status_code == 200


def test_a_former_host_speaks_in_the_group_as_one_of_many(line: Line) -> None:
    former, (host,) = line.host_id, people(1)
    course.hand_over(SYSTEM, line.pk, host, "病了")
    phone(former).post(f"/group/{group(line)}/say", {"text": "祝大家顺利"})
    phone(host).post(f"/group/{group(line)}/say", {"text": "大家好"})
    said = Message.objects.filter(member_id__in=[former, host])
    assert dict(said.values_list("member_id", "as_host")) == {former: False, host: True}
