"""What can be known of pictures: by who sent them, and by those who look at them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from loop28.front.evidence import rules
from loop28.front.evidence.kin import relatives
from loop28.front.evidence.models import Look, Proof, Review, State
from loop28.kernel import clock
from loop28.kernel.access import Actor, Role, scope

REVIEWERS = frozenset({Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.MIDDLE})
"""Staff who look at pictures; nobody else sees one but who sent it."""

_RELATED = ("assignment__member", "assignment__line__region")


def proofs(actor: Actor) -> QuerySet[Proof]:
    """A member's own pictures; for who reviews those of their region but for their relatives'."""
    rows = Proof.objects.select_related(*_RELATED)
    if actor.is_staff:
        if actor.role not in REVIEWERS:
            return rows.none()
        rows = rows.exclude(relatives(actor.id))
    return scope(actor, rows, region="assignment__line__region", member="assignment__member")


def queue(actor: Actor, region: int | None = None) -> QuerySet[Proof]:
    """What waits for the actor's look, the oldest first; ``seen_before`` marks exact duplicates."""
    rows = _to_look_at(proofs(actor)).exclude(_looked_at_by(actor))
    return _of_region(rows, region).annotate(seen_before=_twin()).order_by("sent_at", "id")


def beside(actor: Actor, of: Proof, region: int | None = None) -> tuple[Proof | None, Proof | None]:
    """What is before and after a picture in the actor's queue, in which it need not be itself."""
    rows = queue(actor, region)
    older = Q(sent_at__lt=of.sent_at) | Q(sent_at=of.sent_at, id__lt=of.pk)
    return rows.filter(older).last(), rows.exclude(older).exclude(pk=of.pk).first()


def left_to_others(actor: Actor, region: int | None = None) -> int:
    """How many wait in the actor's regions for somebody else's look."""
    rows = _to_look_at(Proof.objects.all())
    rows = scope(actor, rows, region="assignment__line__region")
    others = rows.filter(_looked_at_by(actor) | relatives(actor.id))
    return _of_region(others, region).count()


def decided(actor: Actor, region: int | None = None) -> QuerySet[Proof]:
    """What was decided, the latest first; not what the actor may look at again, unprejudiced."""
    rows = proofs(actor).filter(state__in=[State.APPROVED, State.REJECTED])
    rows = rows.exclude(_blind_for(actor))
    return _of_region(rows, region).annotate(seen_before=_twin()).order_by("-decided_at", "-id")


def blind(actor: Actor, shown: Iterable[Proof]) -> set[int]:
    """Those of these pictures that were drawn for the re-audit and are new to the actor.

    They are to be shown as if nobody had looked: what the first one decided, and who it was, would
    decide for the second.
    """
    rows = Proof.objects.filter(_blind_for(actor), pk__in=[proof.pk for proof in shown])
    return set(rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The pictures that are just the same: those somebody may look at, and how many others."""

    seen: list[Proof]
    elsewhere: int

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.seen) + self.elsewhere


def duplicates(actor: Actor, proof: Proof) -> Duplicates:
    """Where the very same picture or file was handed in, too, by whomever; the first one first.

    Of what the actor does not review they learn that it is there, and not whose it is.
    """
    same = _same(proof.digest, proof.original)
    seen = proofs(actor).filter(same).exclude(pk=proof.pk).order_by("sent_at", "id")
    every = Proof.objects.filter(same).exclude(pk=proof.pk).count()
    return Duplicates(list(seen), every - len(seen))


def history(actor: Actor, proof: Proof) -> QuerySet[Proof]:
    """What else the same member handed in that the actor may look at, the latest first."""
    rows = proofs(actor).filter(assignment__member=proof.assignment.member_id)
    return rows.exclude(pk=proof.pk).prefetch_related("reviews__by").order_by("-sent_at", "-id")


def in_review(assignment_ids: Iterable[int]) -> set[int]:
    """Those of these for which a picture waits to be decided."""
    waiting = Proof.objects.filter(assignment__in=set(assignment_ids), state=State.WAITING)
    return set(waiting.values_list("assignment", flat=True))


def in_review_of(line_id: int) -> set[int]:
    """The assignments of a line for which a picture waits to be decided."""
    waiting = Proof.objects.filter(assignment__line=line_id, state=State.WAITING)
    return set(waiting.values_list("assignment", flat=True))


def provable_of(line_id: int) -> set[int]:
    """The assignments of a line that a picture may prove though it is late: one that waits, or
    another one in the place of one that was turned down.
    """
    again = Q(state=State.REJECTED, decided_at__gte=clock.now() - rules.RETRY)
    rows = Proof.objects.filter(Q(state=State.WAITING) | again, assignment__line=line_id)
    return set(rows.values_list("assignment", flat=True))


def sent_for(assignment_id: int) -> list[Proof]:
    """All pictures that were sent for a task, the latest first."""
    rows = Proof.objects.filter(assignment=assignment_id).prefetch_related("reviews")
    return list(rows.order_by("-nth"))


def picture(actor: Actor, proof_id: int, digest: str) -> Proof | None:
    """A picture that the actor may look at, for who has its whole address."""
    return proofs(actor).filter(pk=proof_id, digest=digest).exclude(file="").first()


def reasons(review_ids: Iterable[int]) -> dict[int, str]:
    """Why pictures were turned down, for sentences about it."""
    return {row.pk: row.reason for row in Review.objects.filter(id__in=list(review_ids))}


def _to_look_at(rows: QuerySet[Proof]) -> QuerySet[Proof]:
    return rows.exclude(look="")


def _looked_at_by(actor: Actor) -> Exists:
    return Exists(Review.objects.filter(proof=OuterRef("pk"), by=actor.id))


def _blind_for(actor: Actor) -> Q:
    return Q(look=Look.AGAIN) & ~Q(_looked_at_by(actor))


def _of_region(rows: QuerySet[Proof], region: int | None) -> QuerySet[Proof]:
    return rows.filter(assignment__line__region=region) if region else rows


def _twin() -> Exists:
    rows = Proof.objects.filter(_same(OuterRef("digest"), OuterRef("original")))
    return Exists(rows.exclude(pk=OuterRef("pk")))


def _same(digest: str | OuterRef, original: str | OuterRef) -> Q:
    """The same picture or the same file; what was erased is like nothing."""
    return Q(digest=digest) & ~Q(digest="") | Q(original=original) & ~Q(original="")
