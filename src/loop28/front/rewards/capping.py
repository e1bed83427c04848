"""Caps where they are kept: rewards take of them when granted, and give back. Inside the actions.

Each cap is a row that no statement can take over its limit; who counts holds its lock.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from loop28.front.rewards import caps
from loop28.front.rewards.caps import Counted, Key, Limits
from loop28.front.rewards.models import Cap, Entitlement, RewardState
from loop28.kernel import sql


def cut_off(rows: Sequence[Entitlement], limits: Mapping[str, Limits]) -> None:
    """Mark as CAPPED, in their order, what is over a limit; count the others.

    ``limits`` by reference. Three statements, and none where nothing is limited.
    """
    wanted = [
        (row, caps.needs(counted(row), limits[row.reference]))
        for row in rows
        if limits.get(row.reference)
    ]
    most: dict[Key, int] = {}
    for row, needs in wanted:
        for need in needs:
            most[row.line_id, need.name] = limits[row.reference][need.kind]
    if not most:
        return
    found = {(cap.line_id, cap.name): cap for cap in _ready(most)}
    # What two records of one person were granted together may have lifted a cap (`hand_over`).
    limit = {key: min(most[key], cap.most) for key, cap in found.items()}
    room = {key: limit[key] - cap.used for key, cap in found.items()}
    answers = caps.decide([(row.line_id, needs) for row, needs in wanted], room)
    for (row, _needs), over in zip(wanted, answers, strict=True):
        if over:
            row.state, row.capped_by = RewardState.CAPPED.value, over
    changes = [{"id": cap.pk, "used": limit[key] - room[key]} for key, cap in found.items()]
    sql.update(Cap, changes)


def give_room(rows: Iterable[Entitlement]) -> None:
    """What these counted they count no more; what a cap cut off never did."""
    less: Counter[Key] = Counter()
    for row in rows:
        if not row.capped_by:
            for need in caps.counts(counted(row)):
                less[row.line_id, need.name] -= need.takes
    if less:
        found = _locked(less)
        changes = [{"id": cap.pk, "used": less[cap.line_id, cap.name]} for cap in found]
        sql.update(Cap, changes, add=["used"])


def hand_over(member: int, lost: int) -> None:
    """Two records are one person: what either was granted counts together.

    It may be more than one person's limit by now. Then nothing more comes, and nothing is taken.
    """
    of_lost = Q(name=f"member:{lost}") | Q(name__startswith=f"day:{lost}:")
    lines = Entitlement.objects.filter(member=lost).values("line")
    for cap in Cap.objects.filter(of_lost, line__in=lines).select_for_update().order_by("id"):
        kind, _, *day = cap.name.split(":")
        name = ":".join([kind, str(member), *day])
        own = Cap.objects.select_for_update().filter(line=cap.line_id, name=name).first()
        if own is None:
            Cap.objects.filter(pk=cap.pk).update(name=name)
            continue
        used = own.used + cap.used
        Cap.objects.filter(pk=own.pk).update(used=used, most=max(own.most, used))
        cap.delete()


def counted(row: Entitlement) -> Counted:
    """What caps need to know of a row."""
    return Counted(row.line_id, row.member_id, row.kind, row.amount, row.task, row.budget, row.day)


def _ready(most: Mapping[Key, int]) -> list[Cap]:
    """These caps, made where they are missing, locked in id order."""
    rows = [
        {"line_id": line, "name": name, "used": 0, "most": most[line, name]}
        for line, name in sorted(most)
    ]
    sql.insert(Cap, rows, unique=("line", "name"), returning=())
    return list(_locked(most))


def _locked(keys: Iterable[Key]) -> QuerySet[Cap]:
    rows = Cap.objects.filter(sql.Agreeing(("line_id", "name"), list(keys)))
    return rows.select_for_update(no_key=True).order_by("id")
