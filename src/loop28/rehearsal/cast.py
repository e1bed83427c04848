"""One line's people, living it slot by slot through the real actions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log
from random import Random
from zoneinfo import ZoneInfo

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, schedule
from loop28.front.lines import queries as line_queries
from loop28.front.lines import seats as line_seats
from loop28.front.lines.models import Beat, Line, Phase
from loop28.front.packets import actions as packets
from loop28.front.packets import queries as packet_queries
from loop28.front.packets.models import Packet
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import Playbook, Task
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Target
from loop28.front.tasks import actions as tasks
from loop28.front.tasks import queries as task_queries
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members.actions import NewMember
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from loop28.rehearsal import own_groups
from loop28.rehearsal.parameters import between, percent
from loop28.rehearsal.people import CHATTER, YES, Persona

SLOT = timedelta(minutes=30)
SHOP = "rehearsal"
HOURLY = range(7, 24)
BROADLY = (9, 13, 21)
"""Half an hour after the packets of a day; one of these hours stands for several looks."""

AT_ONCE = 40
"""Strangers on one link in a slot, all at its moment: fewer than the watch calls a crowd."""

EASY, HARD = timedelta(seconds=10), timedelta(hours=4)


@dataclass
class Cast:
    """A line and its people. ``chance`` decides everything they do.

    They look at their phones at any half hour, or at these ``hours`` of the day only: what comes of
    the line is much the same, and it is told in less time.
    """

    line: Line
    people: list[Persona]
    chance: Random
    hours: Sequence[int] = ()
    invitations: list[int] = field(init=False)
    playbook: Playbook = field(init=False)
    zone: ZoneInfo = field(init=False)
    phases: list[Phase] = field(init=False)
    members: dict[int, Persona] = field(default_factory=dict)
    _visits: dict[datetime, list[Persona]] = field(default_factory=dict)
    _cards: dict[datetime, list[Beat]] = field(default_factory=dict)
    _call: tuple[datetime, int] | None = None
    _resend: list[Incoming] = field(default_factory=list)
    _refunds: list[ReportedOrder] = field(default_factory=list)
    _strangers: list[Touch] = field(default_factory=list)
    _neighbours: list[int] = field(default_factory=list)
    _sold: int = 0

    def __post_init__(self) -> None:
        self.playbook = playbooks.playbook(self.line.playbook_id)
        self.zone = ZoneInfo(self.line.region.zone)
        self.phases = line_queries.phases(self.line.pk)
        links = line_seats.invitations(SYSTEM, self.line.pk)
        self.invitations = [link.pk for link in links]

    def live(self, now: datetime) -> None:
        """Everything this line's people do in the slot that begins at ``now``."""
        local = now.astimezone(self.zone)
        self._come(now)
        if local.hour == 6 and local.minute == 0:
            self._plan(now)
        visitors = [p for p in self._visits.pop(now, []) if p.present]
        if visitors:
            self._tap(now, visitors)
            self._talk(now, visitors)
            self._work(now, visitors)
        if self._strangers:
            self._touch()
        for card in self._cards.pop(now, []):
            beats.do_by_hand(self._as_host(), card.pk)
        if local.hour == 22 and local.minute == 0:
            self._leave_and_return()

    def over(self, now: datetime) -> bool:
        """Whether the line's last day has passed, and with it what its people do together."""
        return line_queries.today(self.line, now) > self.line.days

    def look_again(self) -> None:
        """The calendar was changed under way: learn the new length, leave today's cards."""
        self.line.refresh_from_db(fields=["days"])
        self._cards = {}

    # ── joining and leaving ────────────────────────────────────────────────────────────────────
    def _come(self, now: datetime) -> None:
        since = (now - self.line.opened_at) // timedelta(minutes=1)
        comers = []
        while self.people and self.people[0].comes_minute <= since:
            comers.append(self.people.pop(0))
        if not comers or self.phases[0].closed_at:
            return
        states = lines.welcome(
            SYSTEM,
            [
                lines.Newcomer(
                    invitation=self.chance.choice(self.invitations),
                    person=NewMember(name=p.name, adult=True, consent=True, city_id=p.city),
                )
                for p in comers
            ],
        )
        for persona, (member, state) in zip(comers, states, strict=True):
            persona.member = member
            persona.present = state == "joined"
            self.members[member] = persona

    def _leave_and_return(self) -> None:
        self.phases = line_queries.phases(self.line.pk)
        gone = [p for p in self.members.values() if not p.present]
        for persona in [p for p in self.members.values() if p.present]:
            if self.chance.random() < percent("leave_permille_per_day") / 10:
                lines.leave(SYSTEM, self.line.pk, persona.member)
                persona.present = False
        if self.phases[0].closed_at is None:
            back = [p.member for p in gone if self.chance.random() < percent("return_percent")]
            lines.join(SYSTEM, self.invitations[0], back)
        seated = set(line_seats.seated(self.line.pk))
        for member, persona in self.members.items():
            persona.present = member in seated

    # ── the day ────────────────────────────────────────────────────────────────────────────────
    def _plan(self, now: datetime) -> None:
        """Who will look at their phone today, and when: a few times, and for the packets."""
        place = min(1.0, max(0.0, (line_queries.today(self.line, now) - 1) / (self.line.days - 1)))
        awake = between("active_percent_first_day", "active_percent_last_day", place)
        day = line_queries.today(self.line, now)
        todays = [b for b in schedule.calendar(SYSTEM, self.line.pk) if b.day == day]
        packet_slots = [slot_of(b.due_at) for b in todays if b.kind == "packet"]
        call_slots = [slot_of(b.due_at) for b in todays if b.kind == "call"]
        visits: dict[datetime, list[Persona]] = defaultdict(list)
        for persona in self.members.values():
            eager = 0.3 if persona.opts_in else 0.0
            if not persona.present or self.chance.random() > awake * (0.5 + persona.keen + eager):
                continue
            slots = {self._some_slot(now, persona) for _ in range(1 + int(4 * persona.keen))}
            slots |= {
                slot + self.chance.randrange(2) * SLOT
                for slot in packet_slots
                if self.chance.random() < percent("packet_percent")
            }
            if persona.opts_in and self.chance.random() < percent("call_seen_percent"):
                slots |= {slot + self.chance.randrange(5) * SLOT for slot in call_slots}
            for slot in sorted({self._told_at(slot) for slot in slots}):
                visits[slot].append(persona)
        self._visits = visits
        self._cards = defaultdict(list)
        for beat in todays:  # the host does a card in the slot it is due in, and forgets a few
            if beat.by_host and self.chance.random() >= percent("host_forgets_percent"):
                self._cards[slot_of(beat.due_at)].append(beat)

    def _told_at(self, slot: datetime) -> datetime:
        """The slot itself, or where only some hours are told, the next of them or the last."""
        local = slot.astimezone(self.zone)
        if not self.hours or (local.minute == 0 and local.hour in self.hours):
            return slot
        hour = next((h for h in self.hours if local.hour < h), self.hours[-1])
        return local.replace(hour=hour, minute=0).astimezone(UTC)

    def _some_slot(self, now: datetime, persona: Persona) -> datetime:
        hour = self.chance.randrange(max(persona.wakes, 6), persona.sleeps)
        half = self.chance.randrange(2)
        return now + timedelta(hours=hour - 6) + half * SLOT

    # ── packets ────────────────────────────────────────────────────────────────────────────────
    def _tap(self, now: datetime, visitors: Sequence[Persona]) -> None:
        for packet in packet_queries.open_in([p.group_id for p in self.phases], now):
            taps = self._taps(packet, visitors)
            if taps:
                packets.claim(SYSTEM, packet.pk, taps)

    def _taps(self, packet: Packet, visitors: Sequence[Persona]) -> list[int]:
        second = packet.group_id != self.phases[0].group_id
        taps = []
        for persona in visitors:
            if persona.passed or not second:
                twice = self.chance.random() < percent("double_tap_percent")
                taps += [persona.member] * (1 + twice)
        return taps

    # ── talk and the call ──────────────────────────────────────────────────────────────────────
    def _talk(self, now: datetime, visitors: Sequence[Persona]) -> None:
        self._call = self._call or schedule.call_of(self.line.pk)
        call = self._call
        calling = call is not None and now <= call[0] + timedelta(seconds=call[1])
        said = [*self._resend]
        self._resend = []
        for persona in visitors:
            if self.chance.random() < 12 * percent("chat_percent_per_hour"):
                said.append(self._says(now, persona, self.chance.choice(CHATTER), len(said)))
            if call and not persona.answered and persona.opts_in:
                said += self._answer(now, persona, calling=calling, nth=len(said))
        if not said:
            return
        groups.receive(SYSTEM, said)
        again = percent("resent_percent")
        self._resend = [message for message in said if self.chance.random() < again]
        if call:
            self._notice_who_passed()

    def _answer(
        self, now: datetime, persona: Persona, *, calling: bool, nth: int
    ) -> list[Incoming]:
        if persona.answers_late == calling:
            return []
        persona.answered = True
        if calling and persona.by_button:
            lines.opt_in(Actor(Role.MEMBER, persona.member), self.line.pk)
            return []
        return [self._says(now, persona, self.chance.choice(YES), nth, first_group=True)]

    def _says(
        self, now: datetime, persona: Persona, text: str, nth: int, *, first_group: bool = False
    ) -> Incoming:
        phase = self.phases[1] if persona.passed and not first_group else self.phases[0]
        return Incoming(
            platform="house",
            external_id=f"rehearsal:{self.line.pk}:{now.timestamp():.0f}:{nth}",
            group=phase.group_id,
            member=persona.member,
            text=text,
            at=now + timedelta(milliseconds=nth),
        )

    def _notice_who_passed(self) -> None:
        if any(p.answered and not p.passed for p in self.members.values()):
            for member in line_seats.passed(self.line.pk):
                self.members[member].passed = True

    # ── tasks and orders ───────────────────────────────────────────────────────────────────────
    def _work(self, now: datetime, visitors: Sequence[Persona]) -> None:
        passed = [p.member for p in visitors if p.passed]
        if not passed:
            return
        undone = task_queries.open_now(self.line.pk, passed, now)
        todo = {a.pk: a for a in undone if self._does(a)}
        by_kind: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in todo.values():
            by_kind[assignment.kind].append(assignment)
        if seats := {(self.line.pk, a.member_id) for a in by_kind.pop("checkin", [])}:
            tasks.check_in(SYSTEM, sorted(seats))
        if sheets := [self._sheet(a) for a in by_kind.pop("quiz", [])]:
            tasks.answer_quizzes(SYSTEM, sheets)
        if selling := by_kind.pop("first_order", []):
            self._sell(now, selling)
        for kind in ("lock_fans", "link_clicks"):
            self._share(by_kind.pop(kind, []))
        rest = [a for kind in sorted(by_kind) for a in by_kind[kind]]
        rest = own_groups.live(rest, self._neighbours)
        if told := [a.pk for a in rest if not self._task(a).proof]:
            tasks.tick(self._as_host(), told)
        for shown in (a for a in rest if self._task(a).proof):
            tasks.complete(
                SYSTEM, [(shown.pk, "rehearsed")], at=now
            )  # as if the desk had looked at once

    def _does(self, assignment: Assignment) -> bool:
        place = log(self._task(assignment).takes / EASY) / log(HARD / EASY)
        easy, hard = "task_percent_easy", "task_percent_hard"
        looks = 1 if self.hours is BROADLY else 2
        return self.chance.random() < between(easy, hard, min(1.0, place)) / looks

    def _task(self, assignment: Assignment) -> Task:
        return next(task for task in self.playbook.tasks if task.key == assignment.task)

    def _sheet(self, assignment: Assignment) -> tuple[int, list[int]]:
        answers = [question.answer for question in self._task(assignment).quiz]
        if self.chance.random() >= percent("quiz_right_percent"):
            answers[-1] = 1 if answers[-1] > 1 else 2
        return assignment.pk, answers

    def _sell(self, now: datetime, selling: Iterable[Assignment]) -> None:
        sold = []
        for assignment in selling:
            persona = self.members[assignment.member_id]
            while persona.orders > 0:
                persona.orders -= 1
                sold.append(self._order(now, persona.member))
        orders.report(SYSTEM, [*sold, *self._refunds])
        self._refunds = [_refunded(order, now) for order in sold if self.chance.random() < _REFUND]

    def _order(self, now: datetime, member: int) -> ReportedOrder:
        self._sold += 1
        own = self.chance.random() < percent("own_purchase_percent")
        return ReportedOrder(
            shop=SHOP,
            external_id=f"{self.line.code}-{self._sold}",
            member=member,
            fen=self.playbook.hot_product.price,
            paid_at=now,
            buyer=str(member) if own else f"buyer-{self.line.pk}-{self._sold}",
        )

    def _share(self, sharing_: Iterable[Assignment]) -> None:
        """They send the product's link around until as many strangers saw it as are asked."""
        for assignment in sharing_:
            promoter = Actor(Role.MEMBER, assignment.member_id)
            link = sharing.share(promoter, self.line.pk, Target.PRODUCT)
            coming = sum(touch.link == link.pk for touch in self._strangers)
            left = range(assignment.bar - assignment.progress - coming)
            self._strangers += [Touch(link.pk, visitor=self.chance.getrandbits(62)) for _ in left]

    def _touch(self) -> None:
        """Strangers touch the links, of each as many in a slot as people may at one moment."""
        touched: Counter[int] = Counter()
        now: list[Touch] = []
        later: list[Touch] = []
        for touch in self._strangers:
            (now if touched[touch.link] < AT_ONCE else later).append(touch)
            touched[touch.link] += 1
        referrals.touch(SYSTEM, now)
        self._strangers = later

    def _as_host(self) -> Actor:
        return Actor(Role.MEMBER, self.line.host_id)


_REFUND = percent("refund_percent")


def _refunded(order: ReportedOrder, now: datetime) -> ReportedOrder:
    return ReportedOrder(
        shop=order.shop,
        external_id=order.external_id,
        member=order.member,
        fen=order.fen,
        paid_at=order.paid_at,
        buyer=order.buyer,
        refunded_fen=order.fen,
        refunded_at=now,
    )


def slot_of(moment: datetime) -> datetime:
    """The beginning of the slot that a moment falls into."""
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % SLOT
