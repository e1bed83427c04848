"""«I see it otherwise»: a decision about a level is appealed once, and a second person answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from loop28.front.ladder import letters, opening, queries, rules, standing
from loop28.front.ladder.actions import DECIDERS, OVER
from loop28.front.ladder.facts import AppealAnswered, AppealMade, Promoted
from loop28.front.ladder.models import (
    Appeal,
    AppealState,
    Demotion,
    DemotionState,
    Graduate,
    Promotion,
    PromotionState,
)
from loop28.front.ladder.refusals import (
    AlreadyDecided,
    NothingToAppeal,
    OtherPersonDecides,
    StepWaits,
)
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.text import clean, clean_line

TEXT_LIMIT = 500
ANSWER_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Contested:
    """A decision about a member's level that can still be appealed; ``decision`` is its name."""

    decision: str
    level: str
    at: datetime
    line: Line | None
    promotion: Promotion | None = None
    demotion: Demotion | None = None

    @property
    def kind(self) -> str:
        """declined, demoted, or line for a line that did not make them one."""
        return self.decision.partition(":")[0]

    @property
    def until(self) -> datetime:
        """The last instant for an appeal."""
        return self.at + timedelta(days=rules.APPEAL_DAYS)


def contestable(actor: Actor) -> list[Contested]:
    """What the acting member can appeal now, the latest first. Not what they have by now, nor a
    level for which they are proposed.
    """
    require(actor, Role.MEMBER)
    member = actor.id
    steps = list(Promotion.objects.filter(member=member).select_related("line__region"))
    settled = {step.level for step in steps if step.state not in OVER}
    known = set(Appeal.objects.filter(member=member).values_list("decision", flat=True))
    now = clock.now()
    found = [*_declined(steps), *_demoted(member), *_not_made(member, steps)]
    can = [
        one
        for one in found
        if one.level not in settled and one.decision not in known and now <= one.until
    ]
    return sorted(can, key=lambda one: one.at, reverse=True)


def _declined(steps: list[Promotion]) -> Iterator[Contested]:
    for step in steps:
        if step.state == PromotionState.DECLINED and step.decided_at:
            name = f"declined:{step.pk}"
            yield Contested(name, step.level, step.decided_at, step.line, promotion=step)


def _demoted(member: int) -> Iterator[Contested]:
    done = Demotion.objects.filter(promotion__member=member, state=DemotionState.DONE)
    for one in done.select_related("promotion__line__region"):
        if one.decided_at:
            step = one.promotion
            name = f"demoted:{one.pk}"
            yield Contested(name, step.level, one.decided_at, step.line, step, one)


def _not_made(member: int, steps: list[Promotion]) -> Iterator[Contested]:
    """Of the lines they finished, those that did not bring them to the next level."""
    held = [step.level for step in steps if step.state == PromotionState.GRANTED]
    level = rules.above(rules.highest(held) if held else None)
    if level is None:
        return
    tried = {(step.line_id, step.level) for step in steps}
    # By the line and not by its name, which has the number they had then: a merge changes that.
    said = Appeal.objects.filter(member=member, promotion=None)
    tried |= set(said.values_list("line_id", "level"))
    for row in Graduate.objects.filter(member=member).select_related("line__region"):
        if (row.line_id, level) not in tried:
            name = f"line:{row.line_id}:{member}:{level}"
            yield Contested(name, level, row.at, row.line)


@journal.action
def appeal(actor: Actor, decision: str, text: str) -> Appeal:
    """The acting member says why they see a decision otherwise; once. Again: the same appeal.

    Refuses with NothingToAppeal, TextMissing, TextTooLong.
    """
    require(actor, Role.MEMBER)
    said = clean(text, limit=TEXT_LIMIT, field="text")
    decision = clean_line(decision, limit=60, field="decision", required=False)
    known = Appeal.objects.filter(member=actor.id, decision=decision).first()
    if known is not None:
        return known
    about = next((one for one in contestable(actor) if one.decision == decision), None)
    if about is None:
        raise NothingToAppeal
    row = {
        "decision": decision,
        "member_id": actor.id,
        "level": about.level,
        "line_id": about.line.pk if about.line else None,
        "promotion_id": about.promotion.pk if about.promotion else None,
        "demotion_id": about.demotion.pk if about.demotion else None,
        "numbers": _numbers(about, actor.id),
        "text": said,
        "at": journal.now(),
        "state": AppealState.OPEN.value,
        "answer": "",
        "decided_at": None,
        "decided_by_id": None,
    }
    for (number,) in sql.insert(Appeal, [row], unique=("decision",)):
        line = row["line_id"]
        journal.record(
            AppealMade(line=line, member=actor.id, level=about.level, appeal=number)  # type: ignore[arg-type]
        )
    return Appeal.objects.get(decision=decision)


def _numbers(about: Contested, member: int) -> dict[str, Any]:
    """What they did in that line by now, beside what it asks for."""
    if about.line is None:
        return {}
    promotion = playbooks.playbook(about.line.playbook_id).promotion
    now = standing.numbers(about.line, [member])[member]
    return rules.record(rules.threshold(promotion, about.level), now)


@journal.action
def answer(actor: Actor, appeal_id: int, uphold: bool, reason: str) -> Appeal:
    """Another person than the first decider upholds an appeal, or does not; the member reads why.

    Upheld it gives the level, on the numbers of the appeal. The same answer again changes nothing.
    Refuses with NotAllowed, OtherPersonDecides, AlreadyDecided, StepWaits, TextMissing,
    TextTooLong; raises Appeal.DoesNotExist for another region's.
    """
    require(actor, *DECIDERS)
    why = clean_line(reason, limit=ANSWER_LIMIT, field="reason")
    seen = queries.appeals(actor).select_related(None)
    found: Appeal = seen.select_for_update(of=("self",)).get(pk=appeal_id)
    if found.first_decider is not None and found.first_decider == actor.id:
        raise OtherPersonDecides
    wanted = AppealState.UPHELD if uphold else AppealState.REJECTED
    if found.state == wanted:
        return found
    if found.state != AppealState.OPEN:
        raise AlreadyDecided
    found.state, found.answer = wanted, why
    found.decided_at, found.decided_by_id = journal.now(), actor.id or None
    found.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    journal.record(
        AppealAnswered(
            line=found.line_id,
            member=found.member_id,
            level=found.level,
            appeal=found.pk,
            upheld=uphold,
        )
    )
    if uphold:
        _grant(found)
    letters.answered(found)
    return found


def _grant(upheld: Appeal) -> None:
    """A new step up on the numbers of the appeal; who has the level by now keeps that."""
    steps = Promotion.objects.filter(member=upheld.member_id, level=upheld.level)
    states = list(steps.order_by("id").values_list("state", flat=True))
    if PromotionState.GRANTED in states:
        return
    if PromotionState.PROPOSED in states:
        raise StepWaits
    try:
        with transaction.atomic():
            step = Promotion.objects.create(
                member_id=upheld.member_id,
                level=upheld.level,
                attempt=len(states) + 1,
                line_id=upheld.line_id,
                numbers=upheld.numbers,
                state=PromotionState.GRANTED,
                proposed_at=journal.now(),
                decided_at=journal.now(),
                decided_by_id=upheld.decided_by_id,
                reason=upheld.answer,
            )
    except IntegrityError as same:
        raise StepWaits from same
    opening.promoted(
        Promoted(
            line=upheld.line_id, member=upheld.member_id, level=upheld.level, promotion=step.pk
        )
    )
