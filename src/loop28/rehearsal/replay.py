"""A transcript of assignments and facts runs in its own time over tasks, through the real engine.

So anybody can put a programme of their own beside what Loop28 makes of it: which tasks were done,
when, and what they earned.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from random import Random
from typing import NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from loop28.back.people import actions as people
from loop28.back.people import queries as places
from loop28.front.lines import actions as lines
from loop28.front.lines import queries as line_queries
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import sheets
from loop28.front.playbooks.schema import Task
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import intake
from loop28.front.tasks import queries as task_queries
from loop28.front.tasks.giving import Given
from loop28.front.tasks.intake import Answer
from loop28.front.tasks.rules import AFTER, Happened
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan
from loop28.middle.members import actions as members
from loop28.middle.members.actions import NewMember
from loop28.rehearsal import world as worlds
from loop28.rehearsal.transcript import Assign, Fact, TranscriptError

BATCH = 1000
"""Lines of a transcript that are played together."""

BUDGET_FEN = 10**12
"""So much that no reward ever waits for money."""


class Completion(NamedTuple):
    """What was done. ``assignment`` is the number of the line that gave it, or the first task of
    its chain; ``time`` is when, in the transcript's own words.
    """

    member: str
    task: str
    assignment: int
    time: str
    reward: str


@dataclass
class Replay:
    """A line of one day over which a transcript runs, and what was seen of it so far."""

    line: int
    tasks: dict[str, Task]
    people: dict[str, int] = field(default_factory=dict)
    proofs: dict[str, tuple[int, str]] = field(default_factory=dict)
    assignments: int = 0
    facts: int = 0
    conflicts: list[int] = field(default_factory=list)
    """Lines whose key an earlier line has used for another fact; they count nothing."""

    def run(self, transcript: Iterable[tuple[int, Assign | Fact]]) -> None:
        """Play a transcript to its end. Raises TranscriptError for a task that there is not."""
        rest = iter(transcript)
        while batch := list(islice(rest, BATCH)):
            clock.move_to(max(clock.now(), max(record.moment for _, record in batch)))
            self._meet({record.member for _, record in batch})
            self._give([(n, record) for n, record in batch if isinstance(record, Assign)])
            self._tell([(n, record) for n, record in batch if isinstance(record, Fact)])

    def completions(self) -> Iterator[Completion]:
        """What was done, in the order of the lines that decided it."""
        names = {number: name for name, number in self.people.items()}
        rows = [
            (*self.proofs[row.evidence], int(row.opening.removeprefix(AFTER)), row)
            for row in task_queries.finished(SYSTEM, self.line)
        ]
        for _decided, time, given, row in sorted(rows, key=lambda row: (row[0], row[2])):
            yield Completion(
                names[row.member_id], row.task, given, time, _reward(self.tasks[row.task])
            )

    def _meet(self, names: set[str]) -> None:
        """Register whoever is named for the first time."""
        new = sorted(names - self.people.keys())
        comers = [
            NewMember(name=f"member {number}", adult=True, consent=True, key=_key(name))
            for number, name in enumerate(new, start=len(self.people) + 1)
        ]
        self.people |= zip(new, members.register_many(SYSTEM, comers), strict=True)

    def _give(self, given: Sequence[tuple[int, Assign]]) -> None:
        for number, record in given:
            if record.task not in self.tasks:
                raise TranscriptError(number, f"there is no task {record.task} in the playbook")
        of = [
            Given(self.people[record.member], record.task, str(number), record.moment)
            for number, record in given
        ]
        self.assignments += len(tasks.give(SYSTEM, self.line, of))

    def _tell(self, told: Sequence[tuple[int, Fact]]) -> None:
        facts = [_fact(number, record, self.people[record.member]) for number, record in told]
        answers = intake.receive(SYSTEM, facts)
        self.facts += sum(answer in {Answer.COUNTED, Answer.KEPT} for answer in answers)
        for (number, record), fact, answer in zip(told, facts, answers, strict=True):
            self.proofs.setdefault(fact.key, (number, str(record.at)))
            if answer is Answer.CONFLICT:
                self.conflicts.append(number)


def prepare(playbook: bytes, first: datetime) -> Replay:
    """A marked, empty database becomes a line that has the tasks of a playbook.

    Its time stands at the transcript's first. Refuses with PlaybookHasMistakes; raises
    NotForRehearsalsError.
    """
    programme, text = sheets.playbook(playbook)
    worlds.mark()
    if line_queries.lines(SYSTEM).exists():
        raise worlds.NotForRehearsalsError
    clock.move_to(first)
    people.install_regions(SYSTEM)
    region = places.regions(SYSTEM)[0]
    (host,) = worlds.owners(1, Random(1))  # noqa: S311
    line = lines.open_line(
        SYSTEM,
        region=region.pk,
        playbook=playbooks.add_version(SYSTEM, programme, text).pk,
        start_day=clock.local_day(first, ZoneInfo(region.zone)),
        host=host,
        size=programme.size,
        budget_fen=BUDGET_FEN,
    )
    return Replay(line.pk, {task.key: task for task in programme.tasks})


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def _fact(number: int, record: Fact, member: int) -> Happened:
    return Happened(
        key=f"key:{record.key}" if record.key else f"line:{number}",
        member_id=member,
        kind=record.kind,
        at=record.moment,
        subject=record.subject,
        amount=record.millionths,
        fields=record.fields or None,
    )


def _reward(task: Task) -> str:
    """``money 5.00``, ``points 10``, ``badge …``: what the task earns, parted by semicolons."""
    reward = task.reward
    money = yuan(reward.money) if reward.money else None
    named = {"money": money, "points": reward.points, "coupon": reward.coupon}
    named |= {"badge": reward.badge, "course": reward.course}
    return "; ".join(f"{kind} {value}" for kind, value in named.items() if value)
