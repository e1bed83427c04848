"""The unit of work: one transaction, one time, its facts, and the reactions to them.

Reactions run before the commit, each listening module once, strictly upward in the house (the order
of INSTALLED_APPS), so that it ends. What one module records while it reacts is heard by those above
it in the same pass.
"""

import functools
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import local
from typing import Concatenate, ParamSpec, TypeVar

from django.apps import apps
from django.db import transaction

from loop28.kernel import clock, sql
from loop28.kernel.access import Actor, Role
from loop28.kernel.journal.facts import Fact
from loop28.kernel.turns import in_turn

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Fact)
Reaction = Callable[[list[F]], None]


@dataclass
class _Work:
    actor: Actor
    now: datetime
    facts: list[Fact] = field(default_factory=list)
    floor: int = -1  # rank of the module that is reacting just now


class _Current(local):
    work: _Work | None = None


_current = _Current()
_reactions: dict[int, list[tuple[type[Fact], Reaction[Fact]]]] = defaultdict(list)


def action(verb: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Make ``verb(actor, …)`` one transaction of the business.

    Called inside another action it joins that one's transaction, time and actor; called by itself
    it is done again when it lost a race. An action refuses before it writes.
    """

    @functools.wraps(verb)
    def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if _current.work is not None:
            return verb(actor, *args, **kwargs)
        return sql.retried(_once, actor, *args, **kwargs)

    def _once(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with in_turn(), _work(actor):
            return verb(actor, *args, **kwargs)

    return run


def now() -> datetime:
    """The time of the current action, read once when it began."""
    return _require().now


def record(*facts: Fact) -> None:
    """Let the modules above react to facts, and write them into the journal with this action."""
    work = _require()
    for kind in {type(fact) for fact in facts}:
        if any(rank <= work.floor for rank in _listeners(kind)):
            raise RuntimeError(f"{kind.name} was recorded after a module that listens had its turn")
    work.facts.extend(facts)


def after_commit(do: Callable[[], object]) -> None:
    """Run ``do`` once the current action is committed; an error in it is logged, not raised."""

    def later() -> None:
        do()

    transaction.on_commit(later, robust=True)  # it logs by the name that only a function has


def undone(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What an action would come to: it is done with all reactions to it, and rolled back."""
    with transaction.atomic():
        result = verb(*args, **kwargs)
        transaction.set_rollback(True)
    return result


def reacts_to(kind: type[F]) -> Callable[[Reaction[F]], Reaction[F]]:
    """Register a function of ``reactions.py``: it gets all facts of this kind of a batch."""

    def register(reaction: Reaction[F]) -> Reaction[F]:
        _reactions[_rank(reaction.__module__)].append((kind, reaction))  # type: ignore[arg-type]
        return reaction

    return register


@contextmanager
def _work(actor: Actor) -> Iterator[None]:
    with transaction.atomic():
        _current.work = work = _Work(actor, clock.now())
        try:
            yield
            _react(work)
            _write(work)
        finally:
            _current.work = None


def _react(work: _Work) -> None:
    for rank in sorted(_reactions):
        work.floor = rank
        for kind, reaction in _reactions[rank]:
            heard = [fact for fact in work.facts if type(fact) is kind]
            if heard:
                reaction(heard)


def _listeners(kind: type[Fact]) -> list[int]:
    return [rank for rank, heard in _reactions.items() if any(k is kind for k, _ in heard)]


def _rank(module: str) -> int:
    owner = apps.get_containing_app_config(module)
    if owner is None:
        raise RuntimeError(f"{module} reacts but belongs to no installed module")
    return list(apps.app_configs).index(owner.label)


def _require() -> _Work:
    if _current.work is None:
        caller = inspect.stack()[2].function
        raise RuntimeError(f"{caller} must run inside an @action")
    return _current.work


def _write(work: _Work) -> None:
    """All that was recorded, in its order: one statement for an action, however much reacted."""
    from loop28.kernel.journal.models import Entry  # models load after the modules that record

    rows = [
        {
            "kind": fact.name,
            "at": work.now,
            "actor": str(work.actor),
            "line": getattr(fact, "line", None),
            "member": getattr(fact, "member", None),
            "staff": _staff(work.actor, fact),
            "data": fact.data(),
        }
        for fact in work.facts
    ]
    sql.insert(Entry, rows, returning=())


def _staff(actor: Actor, fact: Fact) -> int | None:
    if actor.is_staff:
        return actor.id
    of_the_house = not hasattr(fact, "line") and not hasattr(fact, "member")
    return 0 if actor.role is Role.SYSTEM and of_the_house else None
