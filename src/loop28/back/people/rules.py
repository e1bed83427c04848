"""What usernames, codes and time zones may look like, and who is bound to a region."""

import re
from zoneinfo import ZoneInfo

from loop28.kernel.access import Role

REGION_CODE = re.compile(r"[A-Z]{2,6}")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def username(raw: str) -> str | None:
    """The one spelling of a username; None for what cannot be one.

    Plain letters, so that no two names look alike on the page that lists them.
    """
    name = raw.strip().lower()
    return name if USERNAME.fullmatch(name) else None


def region_fits(role: Role, region_id: int | None) -> bool:
    """Region managers have a region, and nobody else has one."""
    return (role is Role.REGION_MANAGER) == (region_id is not None)


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):  # unknown; a path of its own; a folder
        return False
