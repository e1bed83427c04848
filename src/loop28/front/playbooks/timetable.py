"""What a playbook does and when: the calendar that lines compile and pages show. Pure."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Literal

from loop28.front.playbooks.schema import (
    Beat,
    BeatBase,
    Call,
    Close,
    OpenTasks,
    Packet,
    Phase,
    Playbook,
    Post,
    Talk,
)
from loop28.front.playbooks.weekly import Weekly, WeeklyQuestion

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One timed action: a beat, or one message of a talk.

    ``part`` counts a talk's messages from 0, its question last; other beats have part 0 alone.
    ``phase`` counts from 1, ``day`` is the line's, ``at`` is what clocks in the region show, as
    time since midnight. ``payload`` can be written as JSON; amounts in it are fen, durations
    seconds, phases numbers:

    post    text
    talk    text, topic, guest {name, title}, material, question (is this part the question?),
            replies [{answer, reply}] (the host's ready cards, with the question alone)
    packet  title, total, shares, split, expires
    call    text, window, opens
    tasks   tasks (keys), text
    close   closes, text

    A weekly playbook's moments have phase 1 and a day of the week, 1 being Monday; besides posts
    and talks there is

    question  text, question (True)
    """

    key: str
    part: int
    phase: int
    day: int
    at: timedelta
    kind: Literal["post", "talk", "packet", "call", "tasks", "close", "question"]
    by: Literal["auto", "host"]
    late: Literal["always", "skip"] | timedelta
    payload: dict[str, Any]

    @property
    def local_time(self) -> time:
        """``at`` as a time of day."""
        minutes = self.at // timedelta(minutes=1)
        return time(minutes // 60, minutes % 60)


def timeline(playbook: Playbook) -> list[Moment]:
    """Every moment of a playbook without mistakes, in the order in which a line does them.

    What falls into the same minute keeps the order of the file.
    """
    moments = [moment for beat in playbook.beats for moment in _moments(beat, playbook.phases)]
    return sorted(moments, key=lambda moment: (moment.day, moment.at))


def week(weekly: Weekly, number: int) -> list[Moment]:
    """Every moment of a group's ``number``-th week, counted from 1, in order.

    After the last week of the cycle the first one comes again.
    """
    turn = (number - 1) % weekly.weeks + 1
    beats = [beat for beat in weekly.beats if beat.week in {None, turn}]
    moments = [moment for beat in beats for moment in _parts(beat, 1, {})]
    return sorted(moments, key=lambda moment: (moment.day, moment.at))


def last_days(phases: list[Phase]) -> list[int]:
    """The last day of each phase, as a day of the line."""
    ends: list[int] = []
    for phase in phases:
        ends.append(phase.days + (ends[-1] if ends else 0))
    return ends


def start_of(beat: BeatBase) -> timedelta:
    """When a beat begins, since the local midnight in which day 1 begins."""
    return (beat.day - 1) * DAY + since_midnight(beat.at)


def end_of(beat: BeatBase) -> timedelta:
    """When a beat's last action is due: a talk ends with its question, a call with its window."""
    if isinstance(beat, Talk):
        return start_of(beat) + len(beat.messages) * beat.every
    if isinstance(beat, Call):
        return start_of(beat) + beat.window
    return start_of(beat)


def since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _moments(beat: Beat, phases: list[Phase]) -> list[Moment]:
    phase = 1 + sum(beat.day > last for last in last_days(phases))
    numbers = {phase.key: number for number, phase in enumerate(phases, start=1)}
    return _parts(beat, phase, numbers)


def _parts(beat: Beat | WeeklyQuestion, phase: int, numbers: dict[str, int]) -> list[Moment]:
    pause = beat.every if isinstance(beat, Talk) else timedelta()
    return [
        Moment(
            key=beat.key,
            part=part,
            phase=phase,
            day=beat.day,
            at=since_midnight(beat.at) + part * pause,
            kind=beat.kind,
            by=beat.by,
            late=beat.late,
            payload=payload,
        )
        for part, payload in enumerate(_payloads(beat, numbers))
    ]


def _payloads(beat: Beat | WeeklyQuestion, numbers: dict[str, int]) -> list[dict[str, Any]]:
    match beat:
        case Post():
            return [{"text": beat.text}]
        case Talk():
            return _talk(beat)
        case Packet():
            return [
                {
                    "title": beat.title,
                    "total": beat.total,
                    "shares": beat.shares,
                    "split": beat.split,
                    "expires": _seconds(beat.expires),
                }
            ]
        case Call():
            return [
                {
                    "text": beat.text,
                    "window": _seconds(beat.window),
                    "opens": numbers[beat.opens],
                }
            ]
        case OpenTasks():
            return [{"tasks": list(beat.tasks), "text": beat.text}]
        case WeeklyQuestion():
            return [{"text": beat.text, "question": True}]
        case Close():
            return [{"closes": numbers[beat.phase], "text": beat.text}]


def _talk(talk: Talk) -> list[dict[str, Any]]:
    told = {"topic": talk.topic, "guest": talk.guest.model_dump(), "material": talk.material}
    messages = [told | {"text": text, "question": False, "replies": []} for text in talk.messages]
    replies = [reply.model_dump() for reply in talk.replies]
    return [*messages, told | {"text": talk.question, "question": True, "replies": replies}]


def _seconds(duration: timedelta) -> int:
    return duration // timedelta(seconds=1)
