"""How the numbers in a fact are named in its sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from loop28.back.compliance.models import Decision as FreezeDecision
from loop28.back.people.models import ImportKind, StaffRole, Tier
from loop28.doors.console import noticed
from loop28.front.events.models import SignUpState
from loop28.front.evidence.models import Decision as ProofDecision
from loop28.front.evidence.models import Look
from loop28.front.groups.models import Decision, GroupKind
from loop28.front.ladder.models import AppealState, Cause, Level, OfferState
from loop28.front.lines.models import Via
from loop28.front.lines.queries import Line
from loop28.front.privacy import retention
from loop28.front.privacy.models import Asked
from loop28.front.referrals.models import Decision as FanDecision
from loop28.front.referrals.models import Ended, Target
from loop28.ui.text import local_stamp, yuan

MEMBERS = ("member", "inviter", "host", "former", "lost", "promoter", "owner")
"""The fields of facts that hold a member's number."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the facts of one page call their numbers."""

    members: dict[int, str]
    beats: dict[int, str]
    staff: dict[int, str]
    reasons: dict[int, str]
    events: dict[int, str]
    guests: dict[int, str]
    talks: dict[int, str]
    circles: dict[int, str]
    clubs: dict[int, str]
    lessons: dict[int, str]
    tasks: dict[tuple[int, str], str]
    regions: dict[int, str]
    cities: dict[int, str]
    tags: dict[int, str]
    lines: dict[int, Line]
    whys: dict[int, str]
    claims: dict[int, str]
    reviews: dict[int, str]
    freezes: dict[int, str]
    ends: dict[int, str]
    answers: dict[int, str]
    handouts: dict[int, str]

    def member(self, number: int | None) -> str:
        return self.members.get(number or 0, _("somebody"))

    def beat(self, number: int) -> str:
        return self.beats.get(number, f"#{number}")


Sentence = tuple[str | Promise, Callable[[dict[str, Any], Names], dict[str, Any]]]
"""What a kind of fact says, and what fills it."""


def nothing(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data


def member(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"member": names.member(data["member"])}


def number(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"number": data["member"]}


def asked(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"asked": Asked(data["asked"]).label}


def time_up(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"what": retention.TITLES.get(data["kind"], data["kind"])}


def task(data: dict[str, Any], names: Names) -> dict[str, Any]:
    task = names.tasks.get((data["line"], data["task"]), data["task"])
    return member(data, names) | {"task": task}


def proof(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return task(data, names) | {
        "look": Look(data["kind"]).label,
        "decision": ProofDecision(data["decision"]).label,
        "reason": names.reviews.get(data["review"], ""),
    }


def colleague(data: dict[str, Any], names: Names) -> dict[str, Any]:
    who = names.member(data["member"]) if data["member"] else _("nobody")
    return staff(data, names) | {"member": who}


def handed_out(data: dict[str, Any], names: Names) -> dict[str, Any]:
    reason = names.handouts.get(data["handout"], "")
    task = names.tasks.get((data["line"], data["task"]), data["task"])
    return data | {"task": task, "reason": reason}


def brought(data: dict[str, Any], names: Names) -> dict[str, Any]:
    inviter = names.member(data["inviter"]) if data.get("inviter") else _("nobody")
    return member(data, names) | {"inviter": inviter}


def beat(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"beat": names.beat(data["beat"]), "minutes": data.get("late_seconds", 0) // 60}


def mended(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {
        "beat": names.beat(data.get("beat", 0)),
        "host": names.member(data.get("host")),
        "former": names.member(data.get("former")),
        "days": data.get("days", 0),
        "skipped": data.get("skipped", 0),
        "reason": names.reasons.get(data["mend"], ""),
    }


def packet(data: dict[str, Any], names: Names) -> dict[str, Any]:
    fen = data.get("fen", data.get("returned_fen", 0))
    who = names.member(data["member"]) if "member" in data else ""
    return {"packet": names.beat(data["packet"]), "sum": yuan(fen), "member": who}


def funds(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"sum": yuan(data.get("fen", data.get("budget_fen", 0)))}


def reward(data: dict[str, Any], names: Names) -> dict[str, Any]:
    if data["kind"] == "money":
        amount = yuan(data["amount"])
    elif data["kind"] == "points":
        amount = _("%(points)s points") % {"points": data["amount"]}
    else:
        named = {"badge": _("a badge"), "coupon": _("a coupon")}
        amount = named.get(data["kind"], _("a course"))
    if data.get("state") == "capped":
        amount = _("%(reward)s, which a cap cut off") % {"reward": amount}
    return {"member": names.member(data["member"]), "reward": amount}


def level(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"level": Level(data.get("level", "supervisor")).label}


def level_in_doubt(data: dict[str, Any], names: Names) -> dict[str, Any]:
    cause = Cause(data["kind"]).label if "kind" in data else ""
    return level(data, names) | {"cause": cause, "reason": names.ends.get(data["demotion"], "—")}


def appeal(data: dict[str, Any], names: Names) -> dict[str, Any]:
    said = names.answers.get(data["appeal"], "")
    state = AppealState.UPHELD if data["upheld"] else AppealState.REJECTED
    return level(data, names) | {"answer": f"{state.label}. {said}"}


def circle(data: dict[str, Any], names: Names) -> dict[str, Any]:
    answer = _("yes") if data.get("accepted") else _("no")
    return member(data, names) | {"group": names.circles.get(data["circle"], ""), "answer": answer}


def club(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Of a member's own group: its name, whose it is, whom the fact tells of, and which lesson."""
    return {
        "group": names.clubs.get(data["club"], f"#{data['club']}"),
        "member": names.member(data["member"]),
        "owner": names.member(data.get("owner")),
        "lesson": names.lessons.get(data.get("lesson", 0), ""),
    }


def via(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"via": Via(data["via"]).label}


def event(data: dict[str, Any], names: Names) -> dict[str, Any]:
    event = names.events.get(data["event"], f"#{data['event']}")
    return data | {"event": event, "member": names.member(data.get("member"))}


def event_answer(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return event(data, names) | {"state": SignUpState(data["state"]).label}


def talk(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"talk": names.talks.get(data["talk"], f"#{data['talk']}")}


def guest(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"guest": names.guests.get(data["guest"], f"#{data['guest']}")}


def group(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Of a standing group: its name, and of whom the fact tells, if of anybody."""
    who = names.member(data.get("host") or data.get("member"))
    return {"group": names.circles.get(data["circle"], f"#{data['circle']}"), "member": who}


def staff(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Of a colleague: who, as what and where; everybody but a region's manager has all regions."""
    role = data.get("role", "")
    return {
        "user": names.staff.get(data["user"], f"#{data['user']}"),
        "role": StaffRole(role).label if role in StaffRole else role,
        "region": names.regions.get(data.get("region") or 0, _("all regions")),
    }


def place(data: dict[str, Any], names: Names) -> dict[str, Any]:
    tier = data.get("tier")
    return data | {
        "region": names.regions.get(data["region"], f"#{data['region']}"),
        "city": names.cities.get(data.get("city", 0), ""),
        "tier": Tier(tier).label if tier in Tier.values else "",
    }


def member_place(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"city": names.cities.get(data["city"] or 0, _("not named"))}


def tag(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"tag": names.tags.get(data["tag"], f"#{data['tag']}")}


def merged(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"lost": f"{names.member(data['lost'])} #{data['lost']}"}


def file(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"kind": ImportKind(data["kind"]).label}


def payment(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"sum": yuan(data.get("fen", 0))}


def whose(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Whose message or complaint, and why: nobody's is the programme's or the house's."""
    whose = names.member(data["member"]) if data["member"] else _("the house")
    return data | {"member": whose, "reason": names.whys.get(data.get("reason", 0), "—")}


def muted(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return whose(data, names) | {"until": local_stamp(datetime.fromisoformat(data["until"]))}


def decided(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return whose(data, names) | {"decision": Decision(data["decision"]).label}


def pace(data: dict[str, Any], names: Names) -> dict[str, Any]:
    hours = {k: "{:02}:{:02}".format(*divmod(data[k], 60)) for k in ("quiet_from", "quiet_until")}
    return data | hours


def kind(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"kind": GroupKind(data["kind"]).label}


def answer(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {"answer": OfferState(data["state"]).label}


def frozen(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return member(data, names) | {
        "why": noticed.title(data["kind"]),
        "decision": FreezeDecision(data.get("decision", "")).label,
        "reason": names.freezes.get(data["freeze"], ""),
    }


def fan(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {
        "member": names.member(data.get("member")),
        "promoter": names.member(data.get("promoter")),
        "fan": data.get("fan"),
        "target": Target(data.get("target", "line")).label,
        "why": Ended(data.get("kind", "")).label,
        "decision": FanDecision(data.get("decision", "kept")).label,
        "reason": names.claims.get(data.get("dispute", 0), ""),
    }
