"""A host's day one card at a time, and the people who need a hand."""

import re
from pathlib import Path

from django.conf import LazySettings

from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Beat, BeatState, Line, SpokenTo
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from tests.front.evidence import kit as pictures
from tests.line_kit import group, live_until, local, open_line, people, seated
from tests.phones import phone, text_of


def _deck(line: Line, card: int | str = "") -> str:
    return text_of(phone(line.host_id).get(f"/host/line/{line.pk}/cards", {"card": card}))


def _beat(line: Line, key: str) -> Beat:
    return Beat.objects.get(line=line, key=key)


def _care(line: Line) -> str:
    return text_of(phone(line.host_id).get(f"/host/line/{line.pk}/care"))


def test_the_deck_opens_at_the_card_that_waits_for_the_hand(line: Line) -> None:
    live_until(local(2, 19))
    page = _deck(line)
    assert f'id="beat-{_beat(line, "d2-evening").pk}"' in page
    for tool in ("复制", "打开群", "我已发过", "立即发送", "下一张"):
        assert tool in page
    assert f"/group/{group(line)}" in page


def test_next_and_back_lead_through_all_beats_and_those_by_themselves_say_so(line: Line) -> None:
    live_until(local(2, 10))
    keys, page = set(), _deck(line, Beat.objects.filter(line=line, day=2).earliest("due_at").pk)
    while True:
        (pk,) = re.findall(r'<article[^>]* id="beat-(\d+)"', page)
        beat = Beat.objects.get(pk=pk)
        keys.add(beat.key)
        assert ("自动发送" in page) is not beat.by_host
        forward = re.search(r'\?card=(\d+)">下一张', page)
        if not forward:
            break
        page = _deck(line, forward[1])
        assert f'?card={pk}">上一张' in page
    assert keys == set(Beat.objects.filter(line=line, day=2).values_list("key", flat=True))


def test_marked_as_sent_is_done_says_nothing_in_the_group_and_brings_the_next_card(
    line: Line,
) -> None:
    live_until(local(2, 19))
    beat = _beat(line, "d2-evening")
    host = phone(line.host_id)
    response = host.post(f"/host/beat/{beat.pk}/sent", {"deck": "1"})
    assert response["Location"] == f"/host/line/{line.pk}/cards"
    live_until(local(2, 19, 1))
    beat.refresh_from_db()
    assert beat.state == BeatState.DONE
    assert not Message.objects.filter(as_host=True).exists()
    assert Entry.objects.filter(kind="HandBeatDone").count() == 1
    host.post(f"/host/beat/{beat.pk}/sent")
    assert Entry.objects.filter(kind="HandBeatDone").count() == 1
    assert "今天要发的都发完了" in _deck(line)


def test_what_is_more_than_words_cannot_be_marked_as_sent(line: Line) -> None:
    live_until(local(2, 19))
    for beat in Beat.objects.filter(line=line).exclude(kind__in=["post", "talk"]):
        Beat.objects.filter(pk=beat.pk).update(by_host=True, state=BeatState.PLANNED)
        phone(line.host_id).post(f"/host/beat/{beat.pk}/sent")
        assert Beat.objects.get(pk=beat.pk).state == BeatState.PLANNED, beat.kind
        if beat.day == 2:
            assert "我已发过" not in _deck(line, beat.pk)


def test_before_the_next_card_the_deck_says_when_it_comes(line: Line) -> None:
    live_until(local(2, 10))
    assert "19:00" in _deck(line)
    assert "现在没有要发的" in _deck(line)


def test_who_was_spoken_to_leaves_the_list_for_some_days(line: Line) -> None:
    ann, ben = seated(line, 2)
    names = {n: f"新人{k}" for k, n in enumerate([ann, ben])}
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [ann, ben])
    live_until(local(4, 9))
    page = _care(line)
    assert f'value="{ann}"' in page
    assert names[ben] in page
    phone(line.host_id).post(f"/host/line/{line.pk}/spoken", {"member": ann})
    page = _care(line)
    assert f'value="{ann}"' not in page
    assert f'value="{ben}"' in page
    assert SpokenTo.objects.get().member_id == ann


def test_the_word_fits_the_reason(line: Line) -> None:
    new, silent = seated(line, 2)
    live_until(local(1, 9))
    phone(silent).post(f"/group/{group(line)}/say", {"text": "早上好"})
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [new, silent])
    live_until(local(3, 9))
    page = _care(line)
    for member, words in ((new, "欢迎进群"), (silent, "2 天没见你冒泡")):
        assert words in page.partition(f'id="word-{member}">')[2].partition("<")[0]
    assert page.count("群里有红包") == 2
    live_until(local(3, 20))
    assert "群里有红包" not in _care(line)


def test_who_waits_for_our_look_at_a_picture_is_not_named(
    at: object, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    line = pictures.open_line()
    sent, idle = pictures.passing(line, 2)
    others = Assignment.objects.filter(line=line).exclude(task=pictures.TASK)
    others.update(done_at=local(3, 8), evidence="done")
    pictures.send(line, sent)
    live_until(local(5, 8, 29))
    Assignment.objects.filter(line=line, task=pictures.TASK).update(opened_at=local(3, 8))
    for member in (sent, idle):
        phone(member).post(f"/group/{group(line)}/say", {"text": "早上好"})
    page = _care(line)
    assert f'value="{idle}"' in page
    assert f'value="{sent}"' not in page


def test_a_word_for_somebody_elsewhere_is_kindly_refused(line: Line) -> None:
    (stranger,) = people(1)
    for member in (stranger, "x", "", 10**17):
        page = text_of(
            phone(line.host_id).post(
                f"/host/line/{line.pk}/spoken", {"member": member}, follow=True
            )
        )
        assert "已经退出这条线" in page
    assert not SpokenTo.objects.exists()


def test_what_somebody_else_answered_is_no_open_question(line: Line) -> None:
    ann, ben = seated(line, 2)
    phone(ann).post(f"/group/{group(line)}/say", {"text": "要交钱吗"})
    assert "要交钱吗" in _care(line)
    phone(ben).post(f"/group/{group(line)}/say", {"text": "一分钱都不用"})
    assert "要交钱吗" not in _care(line)


def test_the_deck_and_the_words_are_the_hosts_alone(line: Line) -> None:
    other, (inside,) = open_line(code="HN"), seated(line, 1)
    beat = _beat(line, "d2-evening")
    for stranger in (other.host_id, inside):
        client = phone(stranger)
        for page in ("cards", "care"):
            assert client.get(f"/host/line/{line.pk}/{page}").status_code == 404
        spoken = client.post(f"/host/line/{line.pk}/spoken", {"member": inside})
        assert spoken.status_code == 404
        assert client.post(f"/host/beat/{beat.pk}/sent").status_code == 404
    assert not SpokenTo.objects.exists()
