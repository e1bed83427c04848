"""The pages on which a running line is mended."""

import re
from datetime import timedelta

import pytest

from loop28.back.finance import queries as finance
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions, course
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Beat, Line, Mend, WinBack
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import region
from tests.line_kit import START, live_until, local, open_line, people, seated
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db


def _page(client, line, rest="") -> str:
    response = client.get(f"/console/lines/{line.pk}{rest}")
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def _beat(key: str) -> Beat:
    return Beat.objects.filter(key=key).order_by("part").first()


def _change(client, line, key, **data):
    return client.post(f"/console/lines/{line.pk}/beats/{_beat(key).pk}/change", data)


@pytest.fixture
def manager(desk, line):
    return desk("region_manager", region("HD"))


# ── One beat ────────────────────────────────────────────────────────────────────────────────────


def test_a_beat_is_moved_from_its_day_and_the_line_shows_the_difference(manager, line):
    link = f"/console/lines/{line.pk}/beats/{_beat('d1-hello').pk}/change"
    assert link in _page(manager, line, "/calendar/1")
    data = {"do": "move", "move-day": "2", "move-at": "10:15", "move-reason": "台风天"}
    answer = _change(manager, line, "d1-hello", **data)
    assert answer.headers["Location"] == f"/console/lines/{line.pk}/calendar/2"
    page = _page(manager, line, "/changes")
    assert "day 1, 09:00" in page
    assert "day 2, 10:15" in page
    assert "台风天" in page
    assert manager.user.name in page


def test_each_message_of_a_talk_is_changed_in_one_form(manager, line):
    texts = {f"edit-text{n}": f"第{n}句" for n in range(7)}
    _change(manager, line, "d1-talk", do="edit", **texts, **{"edit-reason": "讲师改稿"})
    parts = Beat.objects.filter(key="d1-talk").order_by("part")
    assert [b.payload["text"] for b in parts] == [f"第{n}句" for n in range(7)]


def test_a_packet_is_changed_in_yuan(manager, line):
    terms = {"edit-title": "大红包", "edit-total": "25.50", "edit-shares": "6"}
    _change(manager, line, "d1-packet", do="edit", **terms, **{"edit-reason": "人多"})
    assert _beat("d1-packet").payload["total"] == 2550
    page = _page(manager, line, "/changes")
    assert "«大红包»" in page


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(manager, line):
    data = {"do": "move", "move-day": "4", "move-at": "10:15", "move-reason": "台风天"}
    answer = _change(manager, line, "d1-hello", **data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "choose day 1 to 2" in page
    assert 'value="10:15' in page
    assert not Mend.objects.exists()


def test_without_a_reason_nothing_happens(manager, line):
    answer = _change(manager, line, "d1-hello", do="out")
    assert answer.status_code == 422
    assert _beat("d1-hello").state == "planned"


def test_what_was_taken_out_says_so_in_the_calendar_and_the_journal(manager, line):
    _change(manager, line, "d1-packet", do="out", **{"out-reason": "省一点"})
    assert "taken out by hand" in _page(manager, line, "/calendar/1")
    assert "«初次见面» was taken out: 省一点" in _page(manager, line, "/journal")


def test_a_call_has_no_form_to_take_it_out(manager, line):
    page = _page(manager, line, f"/beats/{_beat('d2-call').pk}/change")
    assert "Take it out" not in page


def test_a_beat_that_was_just_done_is_refused_in_words(manager, line):
    address = f"/console/lines/{line.pk}/beats/{_beat('d1-hello').pk}/change"
    live_until(local(1, 9))
    answer = manager.post(address, {"do": "out", "out-reason": "晚了"})
    assert "has just begun" in answer.content.decode()
    assert address not in _page(manager, line, "/calendar/1")


def test_a_post_and_a_packet_are_added(manager, line):
    address = f"/console/lines/{line.pk}/calendar/1/add"
    post = {"at": "10:00", "text": "补一句", "by_host": "on", "reason": "问的人多"}
    assert manager.post(address, post).status_code == 302
    packet = {"at": "11:00", "title": "加一个", "total": "8", "shares": "8", "hours": "2"}
    assert manager.post(f"{address}?kind=packet", packet | {"reason": "热闹"}).status_code == 302
    keys = Beat.objects.filter(key__startswith="+").order_by("id").values_list("kind", "by_host")
    assert list(keys) == [("post", True), ("packet", False)]
    assert "热闹" in _page(manager, line, "/changes")
    dear = packet | {"at": "12:00", "total": "99999", "reason": "大"}
    answer = manager.post(f"{address}?kind=packet", dear)
    assert "Add money first" in answer.content.decode()


# ── The whole line ──────────────────────────────────────────────────────────────────────────────


def test_a_line_is_paused_and_resumed_with_a_preview_of_both_ways(manager, line):
    live_until(local(1, 10))
    manager.post(f"/console/lines/{line.pk}/pause", {"reason": "店主病了"})
    live_until(local(2, 13))
    for rest in ("", "/calendar/1", "/changes"):
        assert "Paused" in _page(manager, line, rest)
    assert "Do it now" not in _page(manager, line, "/calendar/1")
    page = _page(manager, line, "/changes")
    assert "come 2 days later" in page
    assert "9 beats that fell into the pause are not done" in page
    manager.post(f"/console/lines/{line.pk}/resume", {"way": "shift", "reason": "好了"})
    page = _page(manager, line, "/changes")
    assert "shifted by 2 days" in page
    assert "of 7" in _page(manager, line)


def test_a_paused_line_is_no_red_item(manager, line):
    live_until(local(1, 10))
    course.pause(SYSTEM, line.pk, "病了")
    live_until(local(2, 13))
    assert "overdue" not in manager.get("/console/").content.decode()


def test_a_line_is_stopped_and_shows_it_everywhere(manager, line):
    live_until(local(1, 10))
    stop = {"message": "到此为止", "reason": "预算"}
    manager.post(f"/console/lines/{line.pk}/stop", stop)
    for address in (f"/console/lines/{line.pk}", "/console/lines", "/console/lines?stage=over"):
        assert "Stopped" in manager.get(address).content.decode()
    assert "Stop the line" not in _page(manager, line, "/changes")
    assert "was stopped" in _page(manager, line, "/journal")


def test_the_rest_of_a_stopped_lines_budget_goes_back_by_one_button(desk, line):
    clerk = desk("finance")
    live_until(local(1, 13))
    course.stop(SYSTEM, line.pk, "到此为止", "预算")
    assert "Nobody can claim" not in _page(
        clerk, line, "/budget"
    )  # all but the open packet went back
    live_until(local(1, 15))
    assert "Nobody can claim" in _page(clerk, line, "/budget")
    clerk.post(f"/console/lines/{line.pk}/give-back")
    assert finance.budget_left(SYSTEM, [line.pk]) == {line.pk: 0}
    assert "gave" in _page(clerk, line, "/journal?topic=money")


def test_another_host_takes_over(manager, line):
    (host,) = people(1, "接手的人")
    ladder.appoint(SYSTEM, host, "owner", "开过店")
    answer = manager.post(
        f"/console/lines/{line.pk}/host", {"host": str(host), "reason": "店主病了"}
    )
    assert answer.headers["Location"] == f"/console/hosts/{host}"
    assert Line.objects.get().host_id == host
    page = _page(manager, line, "/changes")
    assert "接手的人0" in page
    assert "接手的人0 runs the line instead of" in _page(manager, line, "/journal")


def test_nobody_outside_the_pool_becomes_host(manager, line):
    before = line.host_id
    for wrong in ("", "x", str(people(1)[0])):
        manager.post(f"/console/lines/{line.pk}/host", {"host": wrong, "reason": "病了"})
    assert Line.objects.get().host_id == before


# ── Who sees and who may ────────────────────────────────────────────────────────────────────────


def test_others_read_the_changes_and_get_no_buttons(desk, line, at):
    page = _page(desk("auditor"), line, "/changes")
    assert "As it was published" in page
    assert "Pause the line" not in page
    assert '/change"' not in _page(desk("auditor"), line, "/calendar/1")


def test_a_manager_elsewhere_changes_nothing(desk, line):
    other = desk("region_manager", region("HN"))
    for rest, data in (("pause", {"reason": "x"}), ("stop", {"message": "x", "reason": "x"})):
        assert other.post(f"/console/lines/{line.pk}/{rest}", data).status_code == 404
    assert not lines.mends(SYSTEM, line.pk)


def test_a_beat_of_another_line_is_not_changed_through_this_one(desk, line, at):
    other = open_line(code="HN")
    beat = Beat.objects.filter(line=other).first()
    address = f"/console/lines/{line.pk}/beats/{beat.pk}/change"
    assert desk().get(address).status_code == 404


# ── The second call ─────────────────────────────────────────────────────────────────────────────


def test_the_second_call_is_planned_on_a_page_and_its_answers_show_apart(manager, line):
    first, second = seated(line, 2)
    live_until(local(2, 21))
    actions.opt_in(Actor(Role.MEMBER, first), line.pk)
    assert "second call" not in _page(manager, line, "/changes")
    live_until(local(3, 9))
    assert "Plan the second call" in _page(manager, line, "/changes")
    address = f"/console/lines/{line.pk}/call-again"
    assert "1 person has not replied 1" in manager.get(address).content.decode()
    plan = {"day": "3", "at": "10:00", "hours": "2", "text": "再问一回", "reason": "没看见"}
    assert manager.post(address, plan).headers["Location"].endswith("/calendar/3")
    assert "Plan the second call" not in _page(manager, line, "/changes")
    assert "has its second call already" in manager.post(address, plan).content.decode()
    live_until(local(3, 11))
    actions.opt_in(Actor(Role.MEMBER, second), line.pk)
    page = _page(manager, line)
    assert "1 + 1 at the second call, of 2" in page
    assert "at the second call</th>" in page


# ── Winning back ────────────────────────────────────────────────────────────────────────────────


def test_people_are_put_on_the_hosts_list_who_sends_them_words_and_some_come(manager, line):
    first, second = seated(line, 2)
    live_until(local(3, 9))
    assert "/win-back" in _page(manager, line, "/members")
    assert "left in peace until" in _page(manager, line, "/win-back")
    live_until(local(17, 12))
    new = open_line(start=START + timedelta(days=30))
    address = f"/console/lines/{line.pk}/win-back"
    answer = manager.post(address, {"into": str(new.pk)}, follow=True)
    assert "2 people are on the host" in answer.content.decode()

    host = phone(line.host_id)
    assert f"/host/line/{line.pk}/win-back" in text_of(host.get("/host/"))
    page = text_of(host.get(f"/host/line/{line.pk}/win-back"))
    link = re.search(r"http://[^/]+(/j/[\w:%-]+)", page)
    assert link
    row = WinBack.objects.get(member_id=first)
    host.post(f"/host/line/{line.pk}/win-back", {"asked": str(row.pk)})
    phone(first).post(link[1])
    page = _page(manager, line, "/win-back")
    assert "came back" in page
    assert manager.get(address).context["came"] == 1
    assert (manager.get(address).context["sent"], manager.get(address).context["asked"]) == (1, 2)
    assert phone(second).get(f"/host/line/{line.pk}/win-back").status_code == 404
