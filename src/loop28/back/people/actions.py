"""What can be done about staff, places and keys."""

import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from loop28.back.people import defaults, facts, refusals, rules, signin
from loop28.back.people.models import City, MachineKey, Region, User
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, NotAllowed, Role, require, scope
from loop28.kernel.text import clean_line

KEY_BYTES = 32


@journal.action
def install_regions(actor: Actor) -> None:
    """Add the six default regions and their cities; what is there already stays as it is."""
    require(actor, Role.ADMINISTRATOR)
    sql.insert(Region, [_region(code) for code in defaults.REGIONS], unique=["code"])
    ids = dict(Region.objects.values_list("code", "id"))
    cities = [
        {"region": ids[code], "name": name, "tier": tier}
        for code, (_, tiers) in defaults.REGIONS.items()
        for tier, names in tiers.items()
        for name in names.split()
    ]
    sql.insert(City, cities, unique=["name"])


def _region(code: str) -> sql.Row:
    name, _ = defaults.REGIONS[code]
    return {"code": code, "name": name, "zone": "Asia/Shanghai", "weekly_lines": 1}


@journal.action
def hold_region(actor: Actor, region_id: int) -> Region:
    """A region with its row locked until the commit, for whoever decides by what it owes.

    Refuses with NotAllowed for a region the actor does not see.
    """
    seen = scope(actor, Region.objects.filter(id=region_id), region="id")
    held = seen.select_for_update(no_key=True).first()
    if held is None:
        raise NotAllowed(field="region")
    return held


@journal.action
def add_staff(
    actor: Actor,
    username: str,
    name: str,
    role: Role,
    region_id: int | None = None,
    password: str | None = None,
) -> User:
    """A new member of staff. Without a password they come in by a one-time link (`signin`).

    Refuses with UsernameWrong, UsernameTaken, RegionOfManagerOnly, UnknownRegion, PasswordTooWeak.
    """
    require(actor, Role.ADMINISTRATOR)
    spelled = rules.username(username)
    if spelled is None:
        raise refusals.UsernameWrong(field="username")
    _refuse_region(role, region_id)
    user = User(
        username=spelled,
        name=clean_line(name, limit=40, field="name"),
        role=role,
        region_id=region_id,
    )
    _give_password(user, password)
    return _insert(user)


def _refuse_region(role: Role, region_id: int | None) -> None:
    if not rules.region_fits(role, region_id):
        raise refusals.RegionOfManagerOnly(field="region")
    if region_id is not None and not Region.objects.filter(pk=region_id).exists():
        raise refusals.UnknownRegion(field="region")


def _insert(user: User) -> User:
    row = {
        "username": user.username,
        "name": user.name,
        "role": user.role,
        "region": user.region_id,
        "password": user.password,
        "is_active": True,
    }
    written = sql.insert(User, [row], unique=["username"])
    if not written:
        raise refusals.UsernameTaken(field="username")
    ((user.pk,),) = written
    journal.record(facts.StaffAdded(user=user.pk, role=user.role, region=user.region_id))
    return user


@journal.action
def change_staff(
    actor: Actor, user_id: int, name: str, role: Role, region_id: int | None = None
) -> User:
    """Another name, role or region for a member of staff. With another role or region they are
    signed out at once, and sign in to what is theirs now.

    What is the same already is not written. Refuses with UnknownStaff, RegionOfManagerOnly,
    UnknownRegion, LastAdministrator, or for the name.
    """
    require(actor, Role.ADMINISTRATOR)
    name = clean_line(name, limit=40, field="name")
    _refuse_region(role, region_id)
    user = _locked(user_id)
    moved = (user.role, user.region_id) != (role, region_id)
    if moved and role is not Role.ADMINISTRATOR:
        _keep_an_administrator(actor, user)
    if user.name != name:
        journal.record(facts.StaffRenamed(user=user_id))
    if moved:
        journal.record(facts.StaffMoved(user=user_id, role=role.value, region=region_id))
    user.name, user.role, user.region_id = name, role, region_id
    user.save(update_fields=["name", "role", "region"])
    return user


def _locked(user_id: int) -> User:
    """A member of staff, locked with all administrators: who takes one away sees the others."""
    rows = User.objects.filter(Q(pk=user_id) | Q(role=Role.ADMINISTRATOR, is_active=True))
    found = {user.pk: user for user in rows.select_for_update().order_by("id")}
    if user_id not in found:
        raise refusals.UnknownStaff
    return found[user_id]


def _keep_an_administrator(actor: Actor, user: User) -> None:
    """The command line may take the last one away: it can make another."""
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if actor.is_staff and user.role == Role.ADMINISTRATOR and not others.exists():
        raise refusals.LastAdministrator(field="role")


@journal.action
def set_password(actor: Actor, user_id: int, password: str) -> User:
    """Give a member of staff a new password; their own, or anybody's by an administrator.

    It ends their sessions elsewhere and every one-time link that is still out. Refuses with
    PasswordTooWeak.
    """
    if actor.id != user_id or not actor.is_staff:
        require(actor, Role.ADMINISTRATOR)
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise refusals.UnknownStaff
    _give_password(user, password)
    user.save(update_fields=["password"])
    journal.record(facts.PasswordSet(user=user_id))
    return user


def _give_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise refusals.PasswordTooWeak(field="password", why=" ".join(weak.messages)) from None
    user.set_password(password)


@journal.action
def enter(actor: Actor, user_id: int, token: str) -> User | None:
    """Use up a one-time link and say whom it lets in; None when it is wrong, used or too old.

    The row is locked, so that of two who follow the link at once only one comes in.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not signin.good(user, token):
        return None
    user.last_login = journal.now()
    user.save(update_fields=["last_login"])
    journal.record(facts.CameByLink(user=user.pk))
    return user


@journal.action
def end_staff(actor: Actor, username: str) -> None:
    """Shut a member of staff out at once; what they did stays theirs. Again is nothing new."""
    require(actor, Role.ADMINISTRATOR)
    spelled = rules.username(username)
    user_id = User.objects.filter(username=spelled).values_list("id", flat=True).first()
    if user_id is None:
        raise refusals.UnknownStaff(field="username")
    user = _locked(user_id)
    if user.is_active:
        _keep_an_administrator(actor, user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        journal.record(facts.StaffEnded(user=user.pk))


@journal.action
def return_staff(actor: Actor, user_id: int) -> User:
    """Let somebody in again whose access had ended, with the role they had. They come in by a new
    one-time link: their old password does not work any more.
    """
    require(actor, Role.ADMINISTRATOR)
    user = _locked(user_id)
    if not user.is_active:
        user.is_active = True
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        journal.record(facts.StaffReturned(user=user.pk))
    return user


@journal.action
def make_key(actor: Actor, name: str) -> str:
    """A new key for a machine that calls the API, shown this once: only its digest is kept."""
    require(actor, Role.ADMINISTRATOR)
    key = f"l28_{secrets.token_urlsafe(KEY_BYTES)}"
    row = {
        "name": clean_line(name, limit=40, field="name"),
        "digest": digest(key),
        "created_at": journal.now(),
    }
    written = sql.insert(MachineKey, [row], unique=["name"])
    if not written:
        raise refusals.KeyNameTaken(field="name")
    journal.record(facts.KeyMade(key=written[0][0]))
    return key


@journal.action
def revoke_key(actor: Actor, name: str) -> None:
    """End a machine's access at once."""
    require(actor, Role.ADMINISTRATOR)
    called = clean_line(name, limit=40, field="name")
    key = MachineKey.objects.select_for_update().filter(name=called, revoked_at=None).first()
    if key is None:
        raise refusals.UnknownKey(field="name")
    key.revoked_at = journal.now()
    key.save(update_fields=["revoked_at"])
    journal.record(facts.KeyRevoked(key=key.pk))


def digest(key: str) -> str:
    """What is kept of a key. It has 256 bits of chance, so that a plain hash cannot be undone."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
