"""A company in the middle of its work, and everybody who may come to one of its doors."""

import re
from dataclasses import dataclass
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.finance import actions as finance
from loop28.back.finance.models import Payout
from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Basis
from loop28.back.people import actions as people
from loop28.back.people import files, signin
from loop28.back.people.models import City, Region, User
from loop28.doors.member import own_data
from loop28.doors.member.joining import invitation_path
from loop28.front.circles import actions as circles
from loop28.front.clubs import actions as clubs
from loop28.front.events import actions as events
from loop28.front.events import queries as event_queries
from loop28.front.evidence.models import Proof
from loop28.front.groups import actions as groups
from loop28.front.groups import complaints
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Complaint, Message, Outgoing
from loop28.front.ladder import actions as ladder
from loop28.front.ladder.models import (
    Appeal,
    Cause,
    Demotion,
    DemotionState,
    Graduate,
    Level,
    Offer,
    OfferState,
    Promotion,
    PromotionState,
)
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Beat, Invitation, Line
from loop28.front.packets.models import Packet
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import drafts
from loop28.front.playbooks import queries as playbook_queries
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import disputes, sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Click
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks.models import Assignment
from loop28.insight.metrics import talks as told
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.pictures import Picture
from loop28.middle.content import actions as content
from loop28.middle.members import queries as members
from loop28.middle.members.models import Member
from tests.circle_kit import invite_of, open_circle
from tests.factories import city, member, region, staff
from tests.laws.watching import Watched
from tests.line_kit import SMALL, START, group, live_until, local

STAFF = ("administrator", "region_manager", "middle", "finance", "auditor")
"""One of each role; the manager's region is the one everything in this world belongs to."""

OTHER_MANAGER = "manager of another region"
MEMBERS = ("host", "insider", "neighbour", "outsider")
"""Who runs the line, whose things are shown, who is in it, too, who is in a line elsewhere."""

EVERYBODY = ("anonymous", *STAFF, OTHER_MANAGER, *MEMBERS, "machine")
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class World:
    """``ids`` fills the places of an address; ``clients`` is everybody with their cookies."""

    ids: dict[str, object]
    clients: dict[str, Client]

    def address(self, route: str, at: dict[str, str]) -> str:
        """A route such as ``console/lines/<int:line_id>`` with this world's things in it.

        ``at`` renames places: ``{"member_id": "host_id"}`` puts the host where a member is asked.
        """

        def thing(place: re.Match[str]) -> str:
            return str(self.ids[at.get(place[1], place[1])])

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", thing, route)


def build() -> World:
    """Day 3 of a line of region HD, at noon; a line of region HN beside it."""
    here, elsewhere = region("HD"), region("HN")
    host, insider, neighbour, outsider, late, everywhere, free = (
        member(city=city()) for _ in range(7)
    )
    line = _line(here, host, [insider, neighbour, late])
    _line(elsewhere, everywhere, [outsider])
    for owner in (everywhere, free):
        ladder.appoint(SYSTEM, owner.pk, Level.OWNER, "appointed by the headquarters")
    clock.move_to(local(2, 21))
    lines.let_in(SYSTEM, line.pk, [insider.pk, neighbour.pk])
    live_until(local(3, 12, 45))
    clients = {"anonymous": Watched(), "machine": _machine()}
    staff_of = {role: staff(Role(role), _bound(role, here)) for role in STAFF}
    clients |= {role: _signed_in(user) for role, user in staff_of.items()}
    clients[OTHER_MANAGER] = _signed_in(staff(Role.REGION_MANAGER, elsewhere))
    for name, person in zip(MEMBERS, (host, insider, neighbour, outsider), strict=True):
        clients[name] = _phone(person)
    others: dict[str, object] = {"late_id": late.pk, "everywhere_id": everywhere.pk}
    others |= {"neighbour_id": neighbour.pk, "free_id": free.pk}
    accepted = _offer(line, free)
    others |= {"offer_id": _offer(line, host).pk, "accepted_id": accepted.pk}
    Offer.objects.filter(pk=accepted.pk).update(state=OfferState.ACCEPTED)
    others |= _drafts(staff_of["middle"])
    ids = _ids(line, host, insider) | _event(host, insider, line) | _talk(line)
    ids |= _circle_ids(host, insider, neighbour) | _complaint(line, neighbour, insider)
    ids |= _fan(line, insider, neighbour) | _proof(insider)
    ids |= _club(line, insider, neighbour)
    ids |= _fan(line, insider, neighbour) | _freeze(insider)
    return World(ids | others, clients)


def _line(where: Region, host: Member, comers: list[Member]) -> Line:
    line = lines.open_line(
        SYSTEM,
        region=where.pk,
        playbook=playbooks.publish(SYSTEM, SMALL.read_bytes()).pk,
        start_day=START,
        host=host.pk,
        size=20,
        budget_fen=100_000,
    )
    invitation = Invitation.objects.get(line=line, inviter=host)
    lines.join(SYSTEM, invitation.pk, [comer.pk for comer in comers])
    return line


def _offer(line: Line, to: Member) -> Offer:
    """A line of the same region from the day after the first one, waiting for an answer."""
    return Offer.objects.create(
        host=to,
        start_day=local(6, 12).date(),
        region=line.region,
        playbook=line.playbook,
        size=20,
        budget_fen=10_000,
        answer_by=local(5, 0),
        offered_at=clock.now(),
    )


def _ids(line: Line, host: Member, insider: Member) -> dict[str, object]:
    colleague = staff(Role.FINANCE)
    listed, waiting = _payouts(line, insider, colleague)
    proposal = Promotion.objects.create(
        member=insider,
        level=Level.SUPERVISOR,
        line=line,
        numbers={"tasks": 5, "orders": 2},
        state=PromotionState.PROPOSED,
        proposed_at=clock.now(),
    )
    of_host = Promotion.objects.create(
        member=host,
        level=Level.OWNER,
        line=line,
        state=PromotionState.GRANTED,
        proposed_at=clock.now(),
        decided_at=clock.now(),
    )
    Graduate.objects.create(line=line, member=insider, tasks=3, orders=1, at=clock.now())
    doubt = Demotion.objects.create(
        promotion=of_host, cause=Cause.IDLE, state=DemotionState.PROPOSED, proposed_at=clock.now()
    )
    appeal = Appeal.objects.create(
        decision=f"line:{line.pk}:{insider.pk}:owner",
        member=insider,
        level=Level.OWNER,
        line=line,
        text="我讲了两次课",
        at=clock.now(),
    )
    invitation = Invitation.objects.get(line=line, inviter=host)
    beats = Beat.objects.filter(line=line)
    tasks = dict(Assignment.objects.filter(member=insider).values_list("task", "pk"))
    return {
        "line_id": line.pk,
        "day": 3,
        "beat_id": next(b.pk for b in beats if b.key == "d3-evening"),
        "question_id": next(b.pk for b in beats if b.payload.get("replies")),
        "region_id": line.region_id,
        "city_id": City.objects.get(name="杭州").pk,
        "kept_id": insider.pk,
        "lost_id": member(insider.name).pk,
        "file_id": files.keep(SYSTEM, "members", "a.csv", "编号,姓名\n7,王芳\n".encode()).pk,
        "kind": "owners",
        "host_id": host.pk,
        "insider_id": insider.pk,
        "invitation_id": invitation.pk,
        "packet_id": Packet.objects.get(line=line, beat__key="d3-packet").pk,
        "version_id": line.playbook_id,
        "promotion_id": proposal.pk,
        "step_id": of_host.pk,
        "demotion_id": doubt.pk,
        "appeal_id": appeal.pk,
        "export_id": listed.export_id,
        "listed_id": listed.pk,
        "payout_id": waiting.pk,
        "user_id": colleague.pk,
        "group_id": group(line, 2),
        "assignment_id": tasks["name-shop"],
        "entitlement_id": _reward(line, insider),
        "quiz_id": tasks["quiz"],
        "invitation": invitation_path(invitation).rpartition("/")[2],
        "personal": members.link_token(insider.pk),
        "own_data": own_data.token(insider.pk),
        "one_time": signin.token(colleague),
    }


def _event(host: Member, guest: Member, line: Line) -> dict[str, object]:
    """An event that begins in a quarter of an hour: the insider is there and was photographed."""
    said = events.Announcement(
        title="杭州品鉴会",
        city=city().pk,
        place="文三路 1 号",
        about="",
        starts_at=local(3, 13),
        ends_at=local(3, 15),
        places=10,
        cities=[city().pk],
        host=host.pk,
    )
    event = events.plan(SYSTEM, line.region_id, said, key=uuid4())
    sign_up = events.sign_up(Actor(Role.MEMBER, guest.pk), event.pk, line=line.pk)
    events.check_in(SYSTEM, event.pk, guest.pk)
    events.add_photos(SYSTEM, event.pk, [Picture(b"a photo", 8, 8)])
    return {
        "event_id": event.pk,
        "city_id": event.city_id,
        "guest_id": guest.pk,
        "photo_id": event.photos.get().pk,
        "ticket": event_queries.ticket(sign_up),
    }


def _talk(line: Line) -> dict[str, object]:
    """A talk of the line's playbook in the library, and its guest booked for next week."""
    plan = playbook_queries.playbook(line.playbook_id)
    version = content.take_in(SYSTEM, [told.words(talk) for talk in told.talks(plan)])[0]
    starts, ends = local(10, 20), local(10, 21)
    booking = content.book(
        SYSTEM, version.guest_id, starts, ends, line.code, key=uuid4(), zone=line.region.zone
    )
    return {
        "talk_id": version.talk_id,
        "guest_of_talk_id": version.guest_id,
        "booking_id": booking.pk,
    }


def _circle_ids(host: Member, insider: Member, neighbour: Member) -> dict[str, object]:
    """A standing group of the line's host: the insider is invited, the neighbour is in it."""
    circle = open_circle(host=host.pk)
    circles.invite(SYSTEM, circle.pk, [insider.pk, neighbour.pk])
    yes = invite_of(circle, neighbour.pk)
    circles.answer(Actor(Role.MEMBER, neighbour.pk), yes, accepted=True)
    return {
        "circle_group_id": circle.group_id,
        "invite_id": invite_of(circle, insider.pk),
        "rhythm_id": circle.rhythm_id,
        "week_beat_id": circle.beats.filter(by_host=True).order_by("due_at")[0].pk,
    }


def _fan(line: Line, insider: Member, neighbour: Member) -> dict[str, object]:
    """A visitor who is the insider's, and touched two links of the neighbour's, who claims them."""
    links = [
        sharing.share(Actor(Role.MEMBER, who), line.pk, "lesson", "d1-talk", place)
        for who, place in [(insider.pk, ""), (neighbour.pk, ""), (neighbour.pk, "群里")]
    ]
    for link in links:
        referrals.touch(SYSTEM, [Touch(link.pk, visitor=1)])
    clicks = Click.objects.order_by("link_id")
    claim = disputes.claim(Actor(Role.MEMBER, neighbour.pk), clicks[1].pk, "我先介绍的")
    return {
        "shared": links[0].token,
        "link_id": links[0].pk,
        "click_id": clicks[2].pk,
        "dispute_id": claim.pk,
    }


def _club(line: Line, insider: Member, neighbour: Member) -> dict[str, object]:
    """The insider's own group with a lesson taught in it: the neighbour is in it."""
    me = Actor(Role.MEMBER, insider.pk)
    club = clubs.open_club(me, line.pk, "三楼的邻居")
    clubs.come_in(SYSTEM, club.pk, [neighbour.pk])
    lesson = clubs.teach(me, club.pk, "d1-talk")
    link = sharing.share(me, line.pk, "group", str(club.pk))
    return {"club_id": club.pk, "lesson_id": lesson.pk, "own_group": link.token}


def _proof(sender: Member) -> dict[str, object]:
    """A picture that waits for its first look."""
    file = default_storage.save("proofs/waiting.jpg", ContentFile(b"a picture"))
    proof = Proof.objects.create(
        assignment=Assignment.objects.get(member=sender, task="name-shop"),
        nth=1,
        file=file,
        digest="f" * 64,
        width=8,
        height=8,
        sent_at=clock.now(),
        state="waiting",
        look="first",
    )
    return {"proof_id": proof.pk, "digest": proof.digest}


def _freeze(insider: Member) -> dict[str, object]:
    """The insider's rewards wait for a decision."""
    numbers = {"fans": 20, "active": 0, "joined": 20, "joined_active": 0}
    compliance.freeze(SYSTEM, [Finding(insider.pk, "idle-fans", Strength.HOLD, numbers)])
    return {"freeze_id": Freeze.objects.get().pk}


def _complaint(line: Line, writer: Member, by: Member) -> dict[str, object]:
    """Somebody wrote what another one complains about."""
    said = Incoming("house", "ad", group(line, 2), writer.pk, "加我微信", clock.now())
    groups.receive(SYSTEM, [said])
    message = Message.objects.get(external_id="ad")
    me = Actor(Role.MEMBER, by.pk)
    complaints.complain(me, message.group_id, "ads", "", message_id=message.pk)
    found = Complaint.objects.get()
    waiting = Outgoing.objects.create(
        key="waits", group_id=message.group_id, as_host=False, text="…", planned_at=clock.now()
    )
    return {"message_id": message.pk, "complaint_id": found.pk, "outgoing_id": waiting.pk}


def _reward(line: Line, member: Member) -> int:
    """A badge."""
    rewards.grant(SYSTEM, [Grant("world", line.pk, member.pk, "badge", title="开张")])
    return Entitlement.objects.get(reference="world").pk


def _payouts(line: Line, asking: Member, exporter: User) -> tuple[Payout, Payout]:
    """A payout on a list, and one that still waits."""
    fee = Move("world", accounts.budget(line.pk), accounts.wallet(asking.pk), 500, Basis.TASK_FEE)
    transfer(SYSTEM, [fee])
    self = Actor(Role.MEMBER, asking.pk)
    listed = finance.ask_payout(self, 100, "陈思远", "622202", "one", adult=True)
    finance.export_payouts(exporter.actor)
    listed.refresh_from_db()
    return listed, finance.ask_payout(self, 100, "陈思远", "622202", "two", adult=True)


def _drafts(author: User) -> dict[str, object]:
    """A draft that is being written and one that was handed in, both of the same author."""
    text = SMALL.read_text()
    writing, handed_in = (drafts.start(author.actor, text) for _ in range(2))
    drafts.hand_in(author.actor, handed_in.pk, handed_in.revision)
    return {"draft_id": writing.pk, "handed_in_id": handed_in.pk}


def _bound(role: str, where: Region) -> Region | None:
    return where if role == Role.REGION_MANAGER else None


def _signed_in(user: User) -> Client:
    client = Watched()
    client.force_login(user, backend=_BACKEND)
    return client


def _phone(person: Member) -> Client:
    client = Watched()
    client.get(f"/m/{members.link_token(person.pk)}")
    return client


def _machine() -> Client:
    return Watched(headers={"authorization": f"Bearer {people.make_key(SYSTEM, '微店')}"})
