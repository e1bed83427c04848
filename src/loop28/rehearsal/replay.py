"""A transcript of assignments and facts runs in its own time over tasks, through the real engine.

So anybody can put a programme of their own beside what Loop28 makes of it: which tasks were done,
when, and what they earned.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
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
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import intake, rules
from loop28.front.tasks import queries as task_queries
from loop28.front.tasks.giving import Given
from loop28.front.tasks.intake import Answer
from loop28.front.tasks.rules import Happened
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan
from loop28.middle.members import actions as members
from loop28.middle.members.actions import NewMember
from loop28.rehearsal import world as worlds
from loop28.rehearsal.transcript import Assign, Fact, Numbered, TakeBack, TranscriptError

BATCH = 1000
"""Lines of a transcript that are played together."""

BUDGET_FEN = 10**12
"""So much that no reward ever waits for money."""

SUM_MAX = 2**63 - 1
"""In millionths: more of one kind no database adds up for a member."""


class Completion(NamedTuple):
    """What was done. ``assignment`` is the number of the line that gave it, its first turn, or the
    first task of its chain; ``time`` is when, in the transcript's own words; ``reward`` is what it
    was granted by the end of the transcript, without what a cap cut off.
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
    zone: ZoneInfo
    tasks: dict[str, Task]
    people: dict[str, int] = field(default_factory=dict)
    proofs: dict[str, tuple[int, str]] = field(default_factory=dict)
    turns: list[Given] = field(default_factory=list)
    """What comes again later on."""
    sums: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By member and kind of fact, in millionths."""
    given: Counter[str] = field(default_factory=Counter)
    """How often each task was opened."""
    facts: int = 0
    conflicts: list[int] = field(default_factory=list)
    """Lines whose key an earlier line has used for another fact; they count nothing."""

    def run(self, transcript: Iterable[Numbered]) -> None:
        """Play a transcript to its end.

        Raises TranscriptError for a task that there is not, a key that nothing was told under, and
        amounts beyond `SUM_MAX`.
        """
        for _stretch, records in groupby(transcript, self._stretch):
            while batch := list(islice(records, BATCH)):
                self._play(batch)

    def _stretch(self, numbered: Numbered) -> tuple[bool, date | None]:
        """What may be played together: a fact is told before it is taken back, and where tasks
        come again, which they do with the day, one day is over before the next.
        """
        _number, record = numbered
        again = any(task.repeat for task in self.tasks.values())
        day = clock.local_day(record.moment, self.zone) if again else None
        return isinstance(record, TakeBack), day

    def _play(self, batch: Sequence[Numbered]) -> None:
        clock.move_to(max(clock.now(), max(record.moment for _, record in batch)))
        given = [(n, record) for n, record in batch if isinstance(record, Assign)]
        told = [(n, record) for n, record in batch if isinstance(record, Fact)]
        self._meet({record.member for _, record in batch if not isinstance(record, TakeBack)})
        self._give(given)
        self._tell(told)
        self._take_back([(n, record) for n, record in batch if isinstance(record, TakeBack)])

    def completions(self) -> Iterator[Completion]:
        """What was done, in the order of the lines that decided it."""
        names = {number: name for name, number in self.people.items()}
        rows = [
            (*self.proofs[row.evidence], int(row.opening.rpartition(":")[2]), row)
            for row in task_queries.finished(SYSTEM, self.line)
        ]
        granted = self._granted()
        for _decided, time, given, row in sorted(rows, key=lambda row: (row[0], row[2])):
            reward = _told(granted[row.pk])
            yield Completion(names[row.member_id], row.task, given, time, reward)

    def capped(self) -> dict[str, int]:
        """How many rewards each kind of cap cut off."""
        rows = rewards.of_line(SYSTEM, self.line).filter(state=RewardState.CAPPED)
        return dict(Counter(rows.values_list("capped_by", flat=True)))

    def never_done(self) -> list[str]:
        """Tasks that were given and that no fact moves: people prove them on pages."""
        return sorted(key for key in self.given if not rules.counting(self.tasks[key]).fact)

    def _granted(self) -> dict[int, list[Entitlement]]:
        """By assignment, what was granted for it and not taken back."""
        found: dict[int, list[Entitlement]] = defaultdict(list)
        gone = [RewardState.CAPPED, RewardState.VOID, RewardState.REVERSED]
        for row in rewards.of_line(SYSTEM, self.line).exclude(state__in=gone).order_by("id"):
            found[rules.assignment_of(row.reference)].append(row)
        return found

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
        self._open(
            [
                Given(self.people[record.member], record.task, str(number), record.moment)
                for number, record in given
            ]
        )
        while due := [turn for turn in self.turns if turn.at <= clock.now()]:
            self.turns = [turn for turn in self.turns if turn.at > clock.now()]
            self._open(due)

    def _open(self, given: Sequence[Given]) -> None:
        """Open these; what comes again of them waits for its day, as it does for the worker."""
        tasks.give(SYSTEM, self.line, given)
        self.given.update(one.task for one in given)
        for one in given:
            at = rules.again_at(self.tasks[one.task], one.by, one.at, self.zone)
            if at is not None:
                self.turns.append(one._replace(by=rules.opened_again(one.by), at=at))

    def _tell(self, told: Sequence[tuple[int, Fact]]) -> None:
        for number, record in told:
            self._add_up(number, record)
        facts = [_fact(number, record, self.people[record.member]) for number, record in told]
        answers = intake.receive(SYSTEM, facts)
        self.facts += sum(answer in {Answer.COUNTED, Answer.KEPT} for answer in answers)
        for (number, record), fact, answer in zip(told, facts, answers, strict=True):
            self.proofs.setdefault(fact.key, (number, str(record.at)))
            if answer is Answer.CONFLICT:
                self.conflicts.append(number)

    def _add_up(self, number: int, record: Fact) -> None:
        of = record.member, record.kind
        self.sums[of] += record.millionths
        if self.sums[of] > SUM_MAX:
            raise TranscriptError(number, f"amounts of {record.kind} come to more than we can add")

    def _take_back(self, back: Sequence[tuple[int, TakeBack]]) -> None:
        for number, record in back:
            if _named(record.key) not in self.proofs:
                raise TranscriptError(number, f"no line before it has the key {record.key}")
        intake.reverse(SYSTEM, [_named(record.key) for _, record in back])


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
    zone = ZoneInfo(region.zone)
    (host,) = worlds.owners(1, Random(1))  # noqa: S311
    line = lines.open_line(
        SYSTEM,
        region=region.pk,
        playbook=playbooks.add_version(SYSTEM, programme, text).pk,
        start_day=clock.local_day(first, zone),
        host=host,
        size=programme.size,
        budget_fen=BUDGET_FEN,
    )
    return Replay(line.pk, zone, {task.key: task for task in programme.tasks})


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def _fact(number: int, record: Fact, member: int) -> Happened:
    return Happened(
        key=_named(record.key) if record.key else f"line:{number}",
        member_id=member,
        kind=record.kind,
        at=record.moment,
        subject=record.subject,
        amount=record.millionths,
        fields=record.fields or None,
    )


def _named(key: str) -> str:
    return f"key:{key}"


def _told(granted: Collection[Entitlement]) -> str:
    """``money 5.00``, ``points 10``, ``badge …``, parted by semicolons; tiers are in the amount."""
    amounts: Counter[str] = Counter()
    for row in granted:
        amounts[row.kind] += row.amount
    money, points = amounts[RewardKind.MONEY], amounts[RewardKind.POINTS]
    named = [f"money {yuan(money)}"] if money else []
    named += [f"points {points}"] if points else []
    return "; ".join(named + [f"{row.kind} {row.title}" for row in granted if not row.amount])
