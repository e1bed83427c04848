"""Each kind of fact as a sentence, and how its numbers are named in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loop28.back.people.models import ImportKind, StaffRole, Tier
from loop28.front.events.models import SignUpState
from loop28.front.groups.models import Decision, GroupKind
from loop28.front.ladder.models import Level, OfferState
from loop28.front.lines.models import Via
from loop28.front.lines.queries import Line
from loop28.front.referrals.models import Decision as FanDecision
from loop28.front.referrals.models import Ended, Target
from loop28.kernel.journal.models import Entry
from loop28.ui.text import local_stamp, yuan

MEMBERS = ("member", "inviter", "host", "former", "lost", "promoter")
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
    tasks: dict[tuple[int, str], str]
    regions: dict[int, str]
    cities: dict[int, str]
    tags: dict[int, str]
    lines: dict[int, Line]
    whys: dict[int, str]
    claims: dict[int, str]

    def member(self, number: int | None) -> str:
        return self.members.get(number or 0, _("somebody"))

    def beat(self, number: int) -> str:
        return self.beats.get(number, f"#{number}")


def words(entry: Entry, names: Names) -> str:
    """The fact in words; its bare name where there is no sentence for it."""
    sentence = SENTENCES.get(entry.kind)
    if sentence is None:
        return entry.kind
    return str(sentence[0]) % sentence[1](entry.data, names)


def _nothing(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data


def _member(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"member": names.member(data["member"])}


def _task(data: dict[str, Any], names: Names) -> dict[str, Any]:
    task = names.tasks.get((data["line"], data["task"]), data["task"])
    return _member(data, names) | {"task": task}


def _brought(data: dict[str, Any], names: Names) -> dict[str, Any]:
    inviter = names.member(data["inviter"]) if data.get("inviter") else _("nobody")
    return _member(data, names) | {"inviter": inviter}


def _beat(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"beat": names.beat(data["beat"]), "minutes": data.get("late_seconds", 0) // 60}


def _mended(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {
        "beat": names.beat(data.get("beat", 0)),
        "host": names.member(data.get("host")),
        "former": names.member(data.get("former")),
        "days": data.get("days", 0),
        "skipped": data.get("skipped", 0),
        "reason": names.reasons.get(data["mend"], ""),
    }


def _packet(data: dict[str, Any], names: Names) -> dict[str, Any]:
    fen = data.get("fen", data.get("returned_fen", 0))
    who = names.member(data["member"]) if "member" in data else ""
    return {"packet": names.beat(data["packet"]), "sum": yuan(fen), "member": who}


def _funds(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"sum": yuan(data.get("fen", data.get("budget_fen", 0)))}


def _reward(data: dict[str, Any], names: Names) -> dict[str, Any]:
    if data["kind"] == "money":
        amount = yuan(data["amount"])
    elif data["kind"] == "points":
        amount = _("%(points)s points") % {"points": data["amount"]}
    else:
        amount = _("a badge") if data["kind"] == "badge" else _("a course")
    return {"member": names.member(data["member"]), "reward": amount}


def _level(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"level": Level(data.get("level", "supervisor")).label}


def _circle(data: dict[str, Any], names: Names) -> dict[str, Any]:
    answer = _("yes") if data.get("accepted") else _("no")
    return _member(data, names) | {"group": names.circles.get(data["circle"], ""), "answer": answer}


def _via(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"via": Via(data["via"]).label}


def _event(data: dict[str, Any], names: Names) -> dict[str, Any]:
    event = names.events.get(data["event"], f"#{data['event']}")
    return data | {"event": event, "member": names.member(data.get("member"))}


def _event_answer(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _event(data, names) | {"state": SignUpState(data["state"]).label}


def _talk(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"talk": names.talks.get(data["talk"], f"#{data['talk']}")}


def _guest(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {"guest": names.guests.get(data["guest"], f"#{data['guest']}")}


def _group(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Of a standing group: its name, and of whom the fact tells, if of anybody."""
    who = names.member(data.get("host") or data.get("member"))
    return {"group": names.circles.get(data["circle"], f"#{data['circle']}"), "member": who}


def _staff(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Of a colleague: who, as what and where; everybody but a region's manager has all regions."""
    role = data.get("role", "")
    return {
        "user": names.staff.get(data["user"], f"#{data['user']}"),
        "role": StaffRole(role).label if role in StaffRole else role,
        "region": names.regions.get(data.get("region") or 0, _("all regions")),
    }


def _place(data: dict[str, Any], names: Names) -> dict[str, Any]:
    tier = data.get("tier")
    return data | {
        "region": names.regions.get(data["region"], f"#{data['region']}"),
        "city": names.cities.get(data.get("city", 0), ""),
        "tier": Tier(tier).label if tier in Tier.values else "",
    }


def _member_place(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"city": names.cities.get(data["city"] or 0, _("not named"))}


def _tag(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"tag": names.tags.get(data["tag"], f"#{data['tag']}")}


def _merged(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"lost": f"{names.member(data['lost'])} #{data['lost']}"}


def _file(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"kind": ImportKind(data["kind"]).label}


def _payment(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"sum": yuan(data.get("fen", 0))}


def _whose(data: dict[str, Any], names: Names) -> dict[str, Any]:
    """Whose message or complaint, and why: nobody's is the programme's or the house's."""
    whose = names.member(data["member"]) if data["member"] else _("the house")
    return data | {"member": whose, "reason": names.whys.get(data.get("reason", 0), "—")}


def _muted(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _whose(data, names) | {"until": local_stamp(datetime.fromisoformat(data["until"]))}


def _decided(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _whose(data, names) | {"decision": Decision(data["decision"]).label}


def _pace(data: dict[str, Any], names: Names) -> dict[str, Any]:
    hours = {k: "{:02}:{:02}".format(*divmod(data[k], 60)) for k in ("quiet_from", "quiet_until")}
    return data | hours


def _kind(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return data | {"kind": GroupKind(data["kind"]).label}


def _answer(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return _member(data, names) | {"answer": OfferState(data["state"]).label}


def _fan(data: dict[str, Any], names: Names) -> dict[str, Any]:
    return {
        "member": names.member(data.get("member")),
        "promoter": names.member(data.get("promoter")),
        "fan": data.get("fan"),
        "target": Target(data.get("target", "line")).label,
        "why": Ended(data.get("kind", "")).label,
        "decision": FanDecision(data.get("decision", "kept")).label,
        "reason": names.claims.get(data.get("dispute", 0), ""),
    }


_Filling = Callable[[dict[str, Any], Names], dict[str, Any]]
SENTENCES: dict[str, tuple[str | Promise, _Filling]] = {
    "LineOpened": (gettext_lazy("The line was opened with %(sum)s."), _funds),
    "LineFunded": (gettext_lazy("The budget got %(sum)s."), _funds),
    "LineGaveBack": (gettext_lazy("The budget gave %(sum)s back to the company."), _funds),
    "MemberJoinedLine": (gettext_lazy("%(member)s joined, brought by %(inviter)s."), _brought),
    "MemberWaits": (gettext_lazy("%(member)s waits for a seat."), _member),
    "MemberLeftLine": (gettext_lazy("%(member)s left."), _member),
    "MemberSpokenTo": (gettext_lazy("Somebody had a word with %(member)s."), _member),
    "OptedIn": (gettext_lazy("%(member)s opted in: %(via)s."), _via),
    "BeatDue": (gettext_lazy("«%(beat)s» was due."), _beat),
    "BeatSkipped": (
        gettext_lazy("«%(beat)s» was skipped, %(minutes)s minutes late."),
        _beat,
    ),
    "HandBeatDone": (gettext_lazy("«%(beat)s» was sent by hand."), _beat),
    "BeatMoved": (gettext_lazy("«%(beat)s» was moved: %(reason)s"), _mended),
    "BeatEdited": (gettext_lazy("«%(beat)s» was changed: %(reason)s"), _mended),
    "BeatTakenOut": (gettext_lazy("«%(beat)s» was taken out: %(reason)s"), _mended),
    "BeatAdded": (gettext_lazy("«%(beat)s» was added: %(reason)s"), _mended),
    "HostReplaced": (
        gettext_lazy("%(host)s runs the line instead of %(former)s: %(reason)s"),
        _mended,
    ),
    "LinePaused": (gettext_lazy("The line was paused: %(reason)s"), _mended),
    "LineResumed": (
        gettext_lazy(
            "The line goes on, %(days)s days later, with %(skipped)s beats left out: %(reason)s"
        ),
        _mended,
    ),
    "LineStopped": (
        gettext_lazy("The line was stopped, with %(skipped)s beats left out: %(reason)s"),
        _mended,
    ),
    "PhaseClosed": (gettext_lazy("A phase was closed."), _nothing),
    "PacketIssued": (gettext_lazy("Red packet «%(packet)s» with %(sum)s was issued."), _packet),
    "ShareTaken": (gettext_lazy("%(member)s got %(sum)s from «%(packet)s»."), _packet),
    "PacketClosed": (gettext_lazy("«%(packet)s» was closed; %(sum)s went back."), _packet),
    "TasksOpened": (
        gettext_lazy("Tasks opened: %(tasks)s, assignments: %(assignments)s."),
        _nothing,
    ),
    "TaskCompleted": (gettext_lazy("%(member)s finished «%(task)s»."), _task),
    "TaskTakenBack": (gettext_lazy("«%(task)s» of %(member)s was taken back."), _task),
    "RewardGranted": (gettext_lazy("%(member)s earned %(reward)s."), _reward),
    "RewardSettled": (gettext_lazy("%(member)s received %(reward)s."), _reward),
    "RewardVoided": (gettext_lazy("%(reward)s of %(member)s was taken back."), _reward),
    "Promoted": (gettext_lazy("%(member)s became %(level)s."), _level),
    "SupervisorProposed": (gettext_lazy("%(member)s was proposed as %(level)s."), _level),
    "PromotionDeclined": (
        gettext_lazy("The proposal to make %(member)s %(level)s was declined."),
        _level,
    ),
    "AskedBack": (gettext_lazy("%(count)s people are to be asked into another line."), _nothing),
    "WinBackSent": (gettext_lazy("%(member)s was asked into another line."), _member),
    "EventPlanned": (gettext_lazy("«%(event)s» was announced."), _event),
    "EventChanged": (
        gettext_lazy("«%(event)s» was changed; it has %(places)s places."),
        _event,
    ),
    "EventCancelled": (
        gettext_lazy("«%(event)s» was cancelled; %(places)s people had a place."),
        _event,
    ),
    "EventSignedUp": (
        gettext_lazy("%(member)s signed up for «%(event)s»: %(state)s."),
        _event_answer,
    ),
    "EventPlaceGiven": (
        gettext_lazy("%(member)s moved up and has a place at «%(event)s»."),
        _event,
    ),
    "EventPlaceGivenBack": (
        gettext_lazy("%(member)s does not come to «%(event)s»."),
        _event,
    ),
    "EventAttended": (gettext_lazy("%(member)s came to «%(event)s»."), _event),
    "EventPhotosAdded": (gettext_lazy("«%(event)s» got new photos: %(photos)s."), _event),
    "EventPhotoRemoved": (gettext_lazy("A photo of «%(event)s» was removed."), _event),
    "TalkWritten": (gettext_lazy("Version %(number)s of the talk «%(talk)s» was written."), _talk),
    "GuestFree": (gettext_lazy("%(guest)s named free days."), _guest),
    "GuestBooked": (gettext_lazy("%(guest)s was booked."), _guest),
    "GuestReleased": (gettext_lazy("A booking of %(guest)s was called off."), _guest),
    "InvitedToCircle": (gettext_lazy("%(member)s was invited to the group «%(group)s»."), _circle),
    "CircleInviteAnswered": (
        gettext_lazy("%(member)s answered the invitation to «%(group)s»: %(answer)s."),
        _circle,
    ),
    "MessageTakenDown": (
        gettext_lazy("A message of %(member)s was taken down: %(reason)s."),
        _whose,
    ),
    "MemberMuted": (gettext_lazy("%(member)s was muted until %(until)s: %(reason)s."), _muted),
    "MemberUnmuted": (gettext_lazy("%(member)s may write again."), _member),
    "MemberRemoved": (gettext_lazy("%(member)s was removed: %(reason)s."), _whose),
    "MemberLetBack": (gettext_lazy("%(member)s may come back: %(reason)s."), _whose),
    "ComplaintMade": (gettext_lazy("A complaint was made by %(member)s."), _whose),
    "ComplaintDecided": (
        gettext_lazy("The complaint of %(member)s was decided: %(decision)s. %(reason)s"),
        _decided,
    ),
    "GroupRulesSet": (gettext_lazy("Blocked words of the %(kind)s: %(words)s."), _kind),
    "SendingGivenUp": (
        gettext_lazy("Message %(outgoing)s was given up after %(tries)s tries."),
        _nothing,
    ),
    "SendingResumed": (gettext_lazy("Message %(outgoing)s was tried again."), _nothing),
    "PaceSet": (
        gettext_lazy(
            "Quiet from %(quiet_from)s to %(quiet_until)s, at most %(daily_limit)s messages a day"
            " to one person."
        ),
        _pace,
    ),
    "NoticesStopped": (gettext_lazy("%(member)s wants no more messages."), _member),
    "NoticesResumed": (gettext_lazy("%(member)s wants messages again."), _member),
    "LineOffered": (gettext_lazy("%(member)s was offered a line."), _member),
    "OfferAnswered": (
        gettext_lazy("%(member)s answered the offer of a line: %(answer)s."),
        _answer,
    ),
    "OfferWithdrawn": (gettext_lazy("The offer of a line to %(member)s was withdrawn."), _member),
    "OfferLapsed": (
        gettext_lazy("The offer of a line to %(member)s was not answered in time."),
        _member,
    ),
    "Graduated": (gettext_lazy("The line graduated with %(count)s people."), _nothing),
    "CircleOpened": (gettext_lazy("The group «%(group)s» was opened, host %(member)s."), _group),
    "CircleHostChanged": (gettext_lazy("%(member)s hosts the group «%(group)s» now."), _group),
    "RhythmChanged": (gettext_lazy("The group «%(group)s» lives by another week now."), _group),
    "MemberLeftCircle": (gettext_lazy("%(member)s left the group «%(group)s»."), _group),
    "SaidInCircle": (gettext_lazy("Something was said in the group «%(group)s»."), _group),
    "WeekBeatDue": (gettext_lazy("A beat of the week was sent in «%(group)s»."), _group),
    "WeekBeatSkipped": (gettext_lazy("A beat of the week was skipped in «%(group)s»."), _group),
    "WeekBeatByHand": (gettext_lazy("A beat of the week was sent by hand in «%(group)s»."), _group),
    "LinkMade": (gettext_lazy("%(member)s made a link to share: %(target)s."), _fan),
    "LinkClicked": (gettext_lazy("Visitor %(fan)s clicked a link of %(promoter)s."), _fan),
    "FanLocked": (gettext_lazy("Visitor %(fan)s is a fan of %(promoter)s now."), _fan),
    "FanJoined": (gettext_lazy("%(member)s joined, a fan of %(promoter)s."), _fan),
    "FanLockEnded": (gettext_lazy("Fan %(fan)s is %(promoter)s's no more: %(why)s."), _fan),
    "FanClaimed": (gettext_lazy("%(member)s claims fan %(fan)s: %(reason)s"), _fan),
    "FanClaimDecided": (
        gettext_lazy(
            "The claim of %(member)s to fan %(fan)s was decided: %(decision)s. %(reason)s"
        ),
        _fan,
    ),
    "VisitorsForgotten": (gettext_lazy("%(count)s visitors were forgotten."), _nothing),
    "MemberRegistered": (gettext_lazy("%(member)s was registered."), _member),
    "MemberRenamed": (gettext_lazy("%(member)s has another name."), _member),
    "MessageReceived": (gettext_lazy("%(member)s wrote in a group."), _member),
    "MemberImported": (gettext_lazy("%(member)s came in with a file."), _member),
    "MemberMoved": (gettext_lazy("%(member)s has another city: %(city)s."), _member_place),
    "MemberTagged": (gettext_lazy("%(member)s got the tag «%(tag)s»."), _tag),
    "MemberUntagged": (gettext_lazy("The tag «%(tag)s» of %(member)s was taken away."), _tag),
    "MembersMerged": (gettext_lazy("%(lost)s turned out to be %(member)s."), _merged),
    "MemberIdentified": (gettext_lazy("%(member)s is known on another platform."), _member),
    "LinksEnded": (gettext_lazy("The personal links of %(member)s were ended."), _member),
    "ConsentGiven": (gettext_lazy("%(member)s agreed to the text on data protection."), _member),
    "ConsentWithdrawn": (gettext_lazy("%(member)s withdrew consent."), _member),
    "GroupJoined": (gettext_lazy("%(member)s came into a group."), _member),
    "GroupLeft": (gettext_lazy("%(member)s left a group."), _member),
    "OrderPaid": (gettext_lazy("An order of %(sum)s, sold by %(member)s, was reported."), _payment),
    "OrderRefunded": (
        gettext_lazy("%(sum)s of an order sold by %(member)s were refunded."),
        _payment,
    ),
    "OrderWasOwn": (
        gettext_lazy("An order of %(member)s was their own: it counts no more."),
        _member,
    ),
    "PayoutAsked": (gettext_lazy("%(member)s asked for a payout of %(sum)s."), _payment),
    "PayoutExported": (gettext_lazy("The payout of %(member)s was put on a list."), _member),
    "PayoutPaid": (gettext_lazy("%(member)s was paid %(sum)s."), _payment),
    "PayoutRejected": (
        gettext_lazy("The payout of %(sum)s to %(member)s was rejected."),
        _payment,
    ),
    "BooksAudited": (
        gettext_lazy("The books were audited; differences: %(differences)s."),
        _nothing,
    ),
    "StaffAdded": (gettext_lazy("%(user)s became staff: %(role)s, %(region)s."), _staff),
    "StaffMoved": (gettext_lazy("%(user)s is %(role)s now, %(region)s."), _staff),
    "StaffRenamed": (gettext_lazy("%(user)s has another name."), _staff),
    "StaffEnded": (gettext_lazy("The access of %(user)s was ended."), _staff),
    "StaffReturned": (gettext_lazy("%(user)s may sign in again."), _staff),
    "PasswordSet": (gettext_lazy("%(user)s has a new password."), _staff),
    "CameByLink": (gettext_lazy("%(user)s signed in by a one-time link."), _staff),
    "KeyMade": (gettext_lazy("Machine key %(key)s was made."), _nothing),
    "KeyRevoked": (gettext_lazy("Machine key %(key)s was revoked."), _nothing),
    "RegionAdded": (
        gettext_lazy("The region %(region)s was added, goal %(weekly_lines)s a week."),
        _place,
    ),
    "RegionChanged": (
        gettext_lazy("The region %(region)s was changed, goal %(weekly_lines)s a week."),
        _place,
    ),
    "CityAdded": (gettext_lazy("The city %(city)s was added: %(region)s, %(tier)s."), _place),
    "CityChanged": (gettext_lazy("The city %(city)s was changed: %(region)s, %(tier)s."), _place),
    "FileImported": (
        gettext_lazy(
            "A file was taken in (%(kind)s): %(new)s new, %(changed)s changed, %(refused)s refused."
        ),
        _file,
    ),
    "PlaybookPublished": (
        gettext_lazy("Version %(number)s of a playbook was published."),
        _nothing,
    ),
    "DraftStarted": (gettext_lazy("Draft %(draft)s of a playbook was begun."), _nothing),
    "DraftHandedIn": (gettext_lazy("Draft %(draft)s was handed in for review."), _nothing),
    "DraftTakenBack": (gettext_lazy("Draft %(draft)s was taken back from the review."), _nothing),
    "DraftSentBack": (gettext_lazy("Draft %(draft)s was sent back with a comment."), _nothing),
    "DraftPublished": (
        gettext_lazy("Draft %(draft)s was published as playbook version no. %(version)s."),
        _nothing,
    ),
    "DraftDropped": (gettext_lazy("Draft %(draft)s was dropped."), _nothing),
    "RehearsalAsked": (gettext_lazy("A rehearsal of draft %(draft)s was asked for."), _nothing),
}
"""By kind of fact: its sentence, and what fills it."""
