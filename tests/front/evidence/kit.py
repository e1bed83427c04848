"""Pictures and the people who send and review them."""

import io
from functools import cache

from PIL import Image

from loop28.back.people.models import User
from loop28.front.evidence import actions
from loop28.front.evidence.models import Proof
from loop28.front.lines.models import Line
from loop28.front.tasks.models import Assignment
from loop28.kernel import pictures
from loop28.kernel.access import Role
from loop28.kernel.pictures import Picture
from tests import factories
from tests.front.tasks import kit
from tests.line_kit import local

TASK = "own-words"
PROOF = ("kind: tick", "kind: tick\n    proof: photo")
PAYS_MUCH = ('money: "2.00"', 'money: "5.01"')
ALWAYS_AGAIN = ("proof: photo", "proof: photo\n    recheck: 100")


def open_line(*changes: tuple[str, str], code: str = "HD") -> Line:
    return kit.open_line(PROOF, *changes, code=code)


def passing(line: Line, number: int = 1) -> list[int]:
    """So many people with the task; it is the morning of the day on which it opens."""
    return kit.passing(line, number, local(4, 9))


def file(colour: str = "red", kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, kind, **options)
    return out.getvalue()


@cache
def picture(colour: str = "red") -> Picture:
    return pictures.made_anew(io.BytesIO(file(colour)), "p.png")


def task_of(line: Line, member: int) -> Assignment:
    return kit.assignment(line, member, TASK)


def send(line: Line, member: int, colour: str = "red") -> Proof:
    return actions.send(kit.own(member), task_of(line, member).pk, picture(colour))


def reviewer(line: Line) -> User:
    """The manager of the line's region, each time another one."""
    return factories.staff(Role.REGION_MANAGER, line.region)


def approve(proof: Proof, by: User, look: str = "first") -> Proof:
    return actions.decide(by.actor, proof.pk, look, "approved")


def reject(proof: Proof, by: User, look: str = "first", why: str = "unreadable") -> Proof:
    return actions.decide(by.actor, proof.pk, look, "rejected", why)
