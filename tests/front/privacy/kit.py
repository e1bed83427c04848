"""Somebody who leaves traces everywhere, through the pages on which people leave them."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Basis
from loop28.back.people import actions as people
from loop28.front.ladder.models import Appeal, Level, Promotion, PromotionState
from loop28.front.lines.models import Line
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from loop28.middle.members import actions as members
from tests.factories import staff
from tests.front.evidence.kit import task_of
from tests.line_kit import group
from tests.phones import phone

KEY = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a{:02}"
CAMERA = "Camera-of-Fanghua"


@dataclass
class Traces:
    """What a person typed, by what it is, and the clients that typed it."""

    member: int
    line: Line
    texts: dict[str, str] = field(default_factory=dict)
    keys: int = 10

    def say(self, what: str, text: str) -> str:
        self.texts[what] = text
        return text

    @property
    def planted(self) -> set[bytes]:
        return {text.encode() for text in self.texts.values()}

    def key(self) -> str:
        self.keys += 1
        return KEY.format(self.keys)


def desk(role: Role = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(staff(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def leave_traces(line: Line, member: int) -> Traces:
    """Twelve texts and a picture, each through its page."""
    traces = Traces(member, line)
    _as_member(traces, phone(member))
    _as_staff(traces)
    _as_machine(traces)
    return traces


def _sent(client: Client, route: str, /, *places: object, **data: object) -> None:
    answer: Any = client.post(reverse(route, args=places), data)
    assert answer.status_code in {200, 302}, (route, answer.status_code, answer.content.decode())


def _as_member(t: Traces, client: Client) -> None:
    where, say = group(t.line, 2), t.say
    _sent(client, "me", name=say("name", "欧阳芳华女士"))
    _sent(client, "group-say", where, text=say("phone", "13987654321"), key=t.key())
    _sent(client, "group-say", where, text=say("chat", "我家住在翡翠路九号"), key=t.key())
    words = say("complaint", "群主昨晚单独加我")
    _sent(client, "group-report", where, cause="other", words=words)
    place = say("place", "翡翠路宝妈群")
    _sent(client, "share", line=t.line.pk, target="product", talk="", place=place)
    fee = Move("f", accounts.budget(t.line.pk), accounts.wallet(t.member), 500, Basis.TASK_FEE)
    transfer(SYSTEM, [fee])
    payee, account = say("payee", "欧阳富贵"), say("account", "fugui@alipay.example")
    _sent(client, "payout", fen="5.00", payee=payee, payee_account=account, key=t.key())
    step = Promotion.objects.create(
        member_id=t.member,
        level=Level.SUPERVISOR,
        state=PromotionState.DECLINED,
        proposed_at=clock.now(),
        decided_at=clock.now(),
    )
    text = say("appeal", "因为住院没能讲课")
    _sent(client, "level-appeal", decision=f"declined:{step.pk}", text=text)
    address = reverse("task-proof", args=[task_of(t.line, t.member).pk])
    client.post(address, {"picture": SimpleUploadedFile("my-home.jpg", _photo())})


def _photo() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0110] = CAMERA
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def _as_staff(t: Traces) -> None:
    host = phone(t.line.host_id)
    reason = t.say("note", "欧阳女士骂人")
    where = (group(t.line, 2), t.member)
    _sent(host, "host-person", *where, act="mute", hours="24", reason=reason)
    _sent(desk(), "member-tag", t.member, word=t.say("tag", "翡翠路那位"))
    answer = t.say("answer", "祝早日康复欧阳")
    appeal = Appeal.objects.get(member=t.member)
    _sent(desk(), "appeal", appeal.pk, answer="reject", reason=answer)
    members.identify(SYSTEM, t.member, "weidian", t.say("platform id", "wd-oyfh-1987"))


def _as_machine(t: Traces) -> None:
    machine = Client(headers={"authorization": f"Bearer {people.make_key(SYSTEM, '微店')}"})
    bought: dict[str, object] = {"shop": "微店", "id": "A1", "member": t.member, "yuan": "12.30"}
    bought |= {"paid_at": "2026-03-04T19:30:00+08:00", "buyer": t.texts["platform id"]}
    told: dict[str, object] = {"key": t.say("machine's key", "visit-oyfh"), "kind": "shop_visited"}
    told |= {"member": t.member, "at": "2026-03-05T08:00:00+08:00"}
    told |= {"subject": t.say("subject", "柜台扫码13611112222")}
    for address, body in (("orders", {"orders": [bought]}), ("facts", {"facts": [told]})):
        answer: Any = machine.post(
            f"/api/{address}", json.dumps(body), content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        assert b"refused" not in answer.content, answer.content
