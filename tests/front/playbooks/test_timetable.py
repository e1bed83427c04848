"""What a playbook does when."""

import json
from datetime import time, timedelta

from loop28.front.playbooks.rules import timeline
from tests.front.playbooks.kit import PROGRAMMES, changed, parsed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def moments(**wanted):
    return [m for m in timeline(parsed()) if all(getattr(m, k) == v for k, v in wanted.items())]


def test_moments_come_in_the_order_of_the_line():
    order = [(moment.day, moment.at) for moment in timeline(parsed())]
    assert order == sorted(order)


def test_what_is_due_in_the_same_minute_keeps_the_order_of_the_file():
    text = changed('at: "09:00"', 'at: "12:30"')
    assert [m.key for m in timeline(parsed(text)) if m.at == 12.5 * HOUR and m.day == 1] == [
        "d1-hello",
        "d1-packet",
    ]


def test_a_talk_is_a_moment_for_each_message_and_one_for_its_question():
    talk = moments(key="d1-talk")
    assert [moment.part for moment in talk] == list(range(7))
    assert [moment.at for moment in talk] == [19.5 * HOUR + n * 5 * MINUTE for n in range(7)]
    assert [moment.payload["question"] for moment in talk] == [False] * 6 + [True]
    assert talk[-1].payload["text"].startswith("你上一次")
    assert [len(moment.payload["replies"]) for moment in talk] == [0] * 6 + [3]
    assert talk[0].payload["guest"] == {"name": "周老师", "title": "二十年老零售"}
    assert talk[0].payload["topic"] == "零售的前世今生"
    assert talk[0].payload["material"] == "https://shop.example/lessons/1"


def test_a_packet_says_its_fen_and_seconds():
    (packet,) = moments(key="d1-packet")
    assert packet.late == HOUR
    assert packet.payload == {
        "title": "初次见面",
        "total": 1000,
        "shares": 10,
        "split": "random",
        "expires": 7200,
    }


def test_phases_are_named_by_their_number():
    (call,), (close,) = moments(kind="call"), moments(key="d5-close")
    assert (call.phase, call.payload["opens"], call.payload["window"]) == (1, 2, 10800)
    assert (close.phase, close.payload["closes"]) == (2, 2)


def test_tasks_are_named_by_their_keys():
    (beat,) = moments(key="d4-tasks")
    assert beat.payload == {"tasks": ["lock-fan", "post-moment", "own-words"], "text": ""}


def test_the_hosts_cards_are_marked():
    assert [moment.key for moment in moments(by="host")] == ["d2-evening", "d3-evening"]


def test_the_offset_can_be_read_as_a_time_of_day():
    assert moments(key="d2-close")[0].local_time == time(23, 30)


def test_everything_a_line_stores_can_be_written_as_json():
    programmes = [parsed(file.read_text()) for file in PROGRAMMES.glob("newcomer-*.yaml")]
    for playbook in [parsed(), *programmes]:
        for moment in timeline(playbook):
            assert json.loads(json.dumps(moment.payload)) == moment.payload


def test_no_two_moments_share_key_and_part():
    names = [(moment.key, moment.part) for moment in timeline(parsed())]
    assert len(set(names)) == len(names)
