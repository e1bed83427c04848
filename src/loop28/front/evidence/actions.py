"""What can be done about pictures: send, decide, erase; and say who a colleague is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from loop28.back.people import queries as people
from loop28.front.evidence import facts, queries, refusals, rules, telling
from loop28.front.evidence.models import (
    WORDS_LIMIT,
    Colleague,
    Decision,
    Look,
    Proof,
    Review,
    State,
    Why,
)
from loop28.front.lines import seats
from loop28.front.tasks import actions as task_actions
from loop28.front.tasks import queries as tasks
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.refusals import TaskClosed
from loop28.front.tasks.rules import Stand
from loop28.kernel import chance, journal, sql
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role, require
from loop28.kernel.pictures import Picture
from loop28.kernel.text import clean_line
from loop28.middle.members import actions as member_actions
from loop28.middle.members import queries as members
from loop28.middle.members.refusals import UnknownMember


@journal.action
def send(actor: Actor, assignment_id: int, picture: Picture) -> Proof:
    """The acting member proves a task by a picture; the same one again is the same proof.

    Refuses with NoPictureNeeded, PictureWaits, PictureTurnedDown, TaskClosed, ConsentMissing, with
    NotInLine who left the line; raises Assignment.DoesNotExist for somebody else's task.
    """
    mine = tasks.one(actor, assignment_id)
    if actor.role is not Role.MEMBER or mine.assignment.member_id != actor.id:
        raise Assignment.DoesNotExist
    member_actions.keep_consent(SYSTEM, actor.id)
    seats.seat(actor, mine.assignment.line_id)
    sent = queries.sent_for(assignment_id)
    known = next((one for one in sent if one.digest == picture.digest), None)
    if known and known.state == State.REJECTED:
        raise refusals.PictureTurnedDown(field="picture")
    if known:
        return known
    _refuse_unneeded(mine, sent[0] if sent else None)
    return _written(mine, len(sent) + 1, picture)


def _refuse_unneeded(mine: Mine, last: Proof | None) -> None:
    if not mine.task.proof or mine.stand is Stand.DONE:
        raise refusals.NoPictureNeeded(task=mine.task.name)
    if last and last.state == State.WAITING:
        raise refusals.PictureWaits(field="picture")
    ends = until(mine.assignment, last)
    if journal.now() > ends:
        local = ends.astimezone(ZoneInfo(mine.assignment.line.region.zone))
        raise TaskClosed(task=mine.task.name, closed=f"{local:%Y-%m-%d %H:%M}")


def until(assignment: Assignment, last: Proof | None) -> datetime:
    """Until when the next picture for this task counts, ``last`` being the one before."""
    rejected = last.decided_at if last and last.state == State.REJECTED else None
    return rules.ends(assignment.closes_at, rejected)


def _written(mine: Mine, nth: int, picture: Picture) -> Proof:
    """The file is written before its row: a failure leaves a file that nobody is shown."""
    assignment = mine.assignment
    file = f"proofs/{assignment.pk}/{picture.digest}.jpg"
    if not default_storage.exists(file):
        default_storage.save(file, ContentFile(picture.jpeg))
    row = {
        "assignment": assignment.pk,
        "nth": nth,
        "file": file,
        "digest": picture.digest,
        "original": picture.original,
        "width": picture.width,
        "height": picture.height,
        "sent_at": journal.now(),
        "state": State.WAITING.value,
        "look": Look.FIRST.value,
    }
    new = sql.insert(Proof, [row], unique=["assignment", "nth"])
    proof = Proof.objects.get(assignment=assignment, nth=nth)
    if proof.digest != picture.digest:
        default_storage.delete(file)
        raise refusals.PictureWaits(field="picture")
    if new:
        journal.record(
            facts.ProofSent(
                line=assignment.line_id,
                member=assignment.member_id,
                task=mine.task.key,
                proof=proof.pk,
            )
        )
    return proof


@journal.action
def decide(
    actor: Actor, proof_id: int, look: str, decision: str, why: str = "", words: str = ""
) -> Proof:
    """Approve a picture, or turn it down for a reason that the member reads.

    ``look`` is the one the actor was asked for, so that who comes second does not take the next by
    mistake. Approved for good, the task is done as of when the picture was sent; found false at the
    re-audit, that is taken back. Refuses with LookedAtAlready, OtherEyes, ReasonMissing,
    NotAllowed; raises Proof.DoesNotExist for who does not see it, as relatives do not.
    """
    require(actor, *queries.REVIEWERS)
    proof: Proof = queries.proofs(actor).get(pk=proof_id)
    approved = Decision(decision) is Decision.APPROVED
    if approved:
        why = words = ""
    else:
        words = clean_line(words, limit=WORDS_LIMIT, field="words", required=why == Why.OTHER)
        if why not in Why.values:
            raise refusals.ReasonMissing(field="why")
    Proof.objects.select_for_update(no_key=True).get(pk=proof.pk)
    proof.refresh_from_db(fields=["look", "state", "assignment"])
    if proof.look != look or not look:
        raise refusals.LookedAtAlready
    if actor.id and Review.objects.filter(proof=proof, by=actor.id).exists():
        raise refusals.OtherEyes
    review = Review.objects.create(
        proof=proof,
        look=look,
        by_id=actor.id or None,
        decision=decision,
        why=why,
        words=words,
        at=journal.now(),
    )
    _conclude(proof, review, approved=approved)
    return proof


def _conclude(proof: Proof, review: Review, *, approved: bool) -> None:
    mine = tasks.one(SYSTEM, proof.assignment_id)
    again = review.look != Look.AGAIN and rules.drawn(mine.task.recheck, chance.source())
    fen = mine.task.reward.money_at_most
    state, proof.look = rules.after(review.look, approved=approved, fen=fen, again=again)
    proof.state = state
    proof.decided_at = None if state == State.WAITING else journal.now()
    proof.save(update_fields=["state", "look", "decided_at"])
    journal.record(
        facts.ProofReviewed(
            line=mine.assignment.line_id,
            member=mine.assignment.member_id,
            task=mine.task.key,
            proof=proof.pk,
            review=review.pk,
            kind=review.look,
            decision=review.decision,
        )
    )
    evidence = f"proof:{proof.pk}"
    if review.look == Look.AGAIN:
        if not approved:
            task_actions.disprove(SYSTEM, proof.assignment_id, evidence)
    elif state == State.APPROVED:
        task_actions.complete(SYSTEM, [(proof.assignment_id, evidence)], at=proof.sent_at)
    telling.tell(mine, proof, review)


@journal.action
def erase(actor: Actor, member_ids: Collection[int]) -> None:
    """Throw the pictures of these members away; what was decided stays, without the picture.

    What still waits for a look waits no more.
    """
    require(actor)
    rows = Proof.objects.select_for_update().exclude(file="").order_by("id")
    for member in sorted(set(member_ids)):
        throw_away(list(rows.filter(assignment__member__in=members.records(member))), member)


def throw_away(found: Sequence[Proof], member: int | None = None) -> int:
    """Inside an action: throw away these pictures, of one member where that is told; how many."""
    for proof in found:
        _erase(proof)
    if found and member is not None:
        journal.record(facts.ProofsErased(member=member, proofs=len(found)))
    return len(found)


def _erase(proof: Proof) -> None:
    file = proof.file
    if proof.state == State.WAITING:
        proof.state, proof.decided_at = State.ERASED.value, journal.now()
    proof.file = proof.digest = proof.original = proof.look = ""
    proof.save()
    journal.after_commit(lambda: default_storage.delete(file))


@journal.action
def name_colleague(actor: Actor, user_id: int, member_id: int | None) -> None:
    """Note who a member of staff is among the members, or with None that they are nobody there.

    Refuses with NotAllowed, UnknownMember.
    """
    require(actor, Role.ADMINISTRATOR)
    if not people.staff(actor).filter(pk=user_id).exists():
        raise NotAllowed
    if member_id is not None and not members.names([member_id]):
        raise UnknownMember(field="member")
    now = None if member_id is None else members.turned_out([member_id]).get(member_id, member_id)
    if Colleague.objects.filter(user=user_id, member=now).exists():
        return
    Colleague.objects.filter(user=user_id).delete()
    if now is not None:
        sql.insert(Colleague, [{"user": user_id, "member": now}], unique=["user"])
    journal.record(facts.ColleagueNamed(user=user_id, member=now))
