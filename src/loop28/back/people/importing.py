"""Staff out of a file: added by their usernames, changed where a row says otherwise."""

from collections.abc import Mapping, Sequence

from django.utils import translation

from loop28.back.people import actions, queries, refusals, rules
from loop28.back.people.models import StaffRole, User
from loop28.kernel import journal
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.tables import Outcome, Row, State
from loop28.kernel.text import searchable

COLUMNS: Mapping[str, Sequence[str]] = {
    "username": ("用户名", "账号"),
    "name": ("姓名",),
    "role": ("角色",),
    "region": ("大区",),
}
REQUIRED = ("username", "name", "role")


@journal.action
def take_in(actor: Actor, rows: Sequence[Row]) -> list[Outcome]:
    """Do what each row says; who is refused is left out, the others come in all the same.

    New colleagues have no password and come in by a one-time link.
    """
    require(actor, Role.ADMINISTRATOR)
    regions = {searchable(word): r.pk for r in queries.regions(actor) for word in (r.code, r.name)}
    roles, lines = _roles(), dict[str, int]()
    found = []
    for row in rows:
        who = row.cells.get("name", "")
        try:
            state = _take_in(actor, row, roles, regions, lines)
            found.append(Outcome(row.line, state, who))
        except Refusal as no:
            found.append(Outcome(row.line, State.REFUSED, who, no))
    return found


def _take_in(
    actor: Actor, row: Row, roles: dict[str, Role], regions: dict[str, int], lines: dict[str, int]
) -> State:
    if row.refusal:
        raise row.refusal
    role, region = _place(row, roles, regions)
    username = rules.username(row.cells["username"])
    if username in lines:
        raise refusals.RowTwice(field="username", line=lines[username])
    known = User.objects.filter(username=username).first() if username else None
    if known is None:
        actions.add_staff(actor, row.cells["username"], row.cells["name"], role, region)
        state = State.NEW
    elif not known.is_active:
        raise refusals.AccessEnded(field="username")
    else:
        new = actions.change_staff(actor, known.pk, row.cells["name"], role, region)
        same = (new.name, new.role, new.region_id) == (known.name, known.role, known.region_id)
        state = State.KNOWN if same else State.CHANGED
    lines[str(username)] = row.line
    return state


def _place(row: Row, roles: dict[str, Role], regions: dict[str, int]) -> tuple[Role, int | None]:
    role = roles.get(searchable(row.cells["role"]))
    if role is None:
        spelled = ", ".join(str(label) for label in StaffRole.labels)
        raise refusals.RoleWrong(field="role", roles=spelled)
    region = searchable(row.cells.get("region", ""))
    if region and region not in regions:
        raise refusals.UnknownRegion(field="region")
    return role, regions.get(region)


def _roles() -> dict[str, Role]:
    """Roles by their code and by what the pages call them in either language."""
    found = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for role in StaffRole:
                found[searchable(str(role.label))] = found[searchable(role)] = Role(role)
    return found
