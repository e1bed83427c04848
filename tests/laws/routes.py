"""The table of expectations: each route, by each method it takes, for everybody.

One line a row. ``console`` names the roles a page of the console is open to; ``phone`` the people a
page of members and hosts is open to. Whoever is not named is refused in the usual way of that door.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.laws.world import EVERYBODY, MEMBERS, OTHER_MANAGER, STAFF

SIGN_IN = "sent to sign in"
Outcome = int | str

KEY = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11"
STAFF_ARE_IN = dict.fromkeys((*STAFF, OTHER_MANAGER), 302)
ALL = STAFF
ADMIN = ("administrator",)
RUNNERS = ("administrator", "region_manager")
TAGGERS = (*RUNNERS, "middle")
PUBLISHERS = (*RUNNERS, "middle")
FUNDERS = (*RUNNERS, "finance")
REPORTERS = ("administrator", "middle")
PAYERS = ("administrator", "finance")
BOOKS = (*PAYERS, "auditor")
ORDERS = (*REPORTERS, "finance", "auditor")


@dataclass(frozen=True)
class Row:
    """What comes of one request for each of EVERYBODY.

    ``data`` are the fields of a POST, in which ``{line_id}`` and the like are filled in; None is a
    GET. ``at`` renames places of the route, as `World.address` says.
    """

    route: str
    expected: Mapping[str, Outcome]
    data: Mapping[str, str] | None = None
    at: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{'GET' if self.data is None else 'POST'} {self.route}"


def console(
    route: str,
    roles: Iterable[str],
    data: Mapping[str, str] | None = None,
    *,
    ok: int | None = None,
    elsewhere: Outcome | None = None,
    at: Mapping[str, str] | None = None,
    **special: int,
) -> Row:
    """A page of the console; what stands in another region does not exist for its manager."""
    good = ok or (200 if data is None else 302)
    of_staff = {role: good if role in roles else 403 for role in STAFF}
    stranger = elsewhere or (404 if "<" in route else good)
    expected = dict.fromkeys(EVERYBODY, SIGN_IN) | of_staff
    expected[OTHER_MANAGER] = stranger if "region_manager" in roles else 403
    return Row(f"console/{route}", expected | special, data, at or {})


def phone(
    route: str,
    people: str = "host insider neighbour outsider",
    data: Mapping[str, str] | None = None,
    *,
    ok: int | None = None,
    at: Mapping[str, str] | None = None,
    **special: int,
) -> Row:
    """A page for members; what is not theirs does not exist for them."""
    good = ok or (200 if data is None else 302)
    of_members = {who: good if who in people.split() else 404 for who in MEMBERS}
    expected = dict.fromkeys(EVERYBODY, 403) | of_members | special
    return Row(route, expected, data, at or {})


def everybody(
    route: str, outcome: Outcome, data: Mapping[str, str] | None = None, **more: Mapping[str, str]
) -> Row:
    """A door that is the same for all."""
    return Row(route, dict.fromkeys(EVERYBODY, outcome), data, more.get("at", {}))


def at_the_door(
    route: str, data: Mapping[str, str] | None = None, lookers: Iterable[str] = ()
) -> Row:
    """A page for the staff who run the region's events and for the host in charge, on a phone."""
    good = dict.fromkeys((*RUNNERS, "host", *lookers), 200 if data is None else 302)
    outside = dict.fromkeys(("anonymous", "machine"), 404 if lookers else SIGN_IN)
    return Row(route, dict.fromkeys(EVERYBODY, 404) | outside | good, data)


EVENT = {
    "region": "{region_id}",
    "title": "苏州见面会",
    "day": "2026-03-20",
    "starts": "14:00",
    "ends": "16:00",
    "city": "{city_id}",
    "place": "观前街 1 号",
    "places": "30",
    "host": "{host_id}",
    "about": "带上你的店铺",
    "cities": "{city_id}",
    "key": KEY,
}


def writing(route: str, data: Mapping[str, str], others: int, **special: int) -> Row:
    """A form of the editor: nobody is sent away from the text they wrote."""
    of_staff = dict.fromkeys((*STAFF, OTHER_MANAGER), 403)
    of_writers = dict.fromkeys((*PUBLISHERS, OTHER_MANAGER), others)
    expected = dict.fromkeys(EVERYBODY, 422) | of_staff | of_writers | special
    return Row(f"console/{route}", expected, data)


DRAFT = "playbooks/drafts/<int:draft_id>"
HANDED_IN = {"draft_id": "handed_in_id"}
LINE = "lines/<int:line_id>"
INSIDER = {"member_id": "insider_id"}
HOST = {"member_id": "host_id"}
GROUP = "groups/<int:group_id>"
CIRCLE = {"group_id": "circle_group_id"}
NEIGHBOUR = {"member_id": "neighbour_id"}
PACE = {"quiet_from": "21:30", "quiet_until": "08:30", "daily_limit": "3"}
DECIDED = {"act": "mute", "hours": "24", "reason": "刷屏"}
FREE = {"member_id": "free_id"}

ROWS = [
    # The doormat
    everybody("", 302),
    everybody("m/<str:token>", 302, at={"token": "personal"}),
    everybody("consent", 200),
    everybody("livez", 200),
    everybody("readyz", 503),  # no worker runs beside a test
    phone("consent", data={"withdraw": "1"}),
    everybody("language/setlang/", 302, {"language": "en", "next": "/"}),
    # How staff come in
    Row(
        "console/sign-in",
        dict.fromkeys(EVERYBODY, 200) | STAFF_ARE_IN,
    ),
    Row(
        "console/sign-in",
        dict.fromkeys(EVERYBODY, 422) | STAFF_ARE_IN,
        {"username": "nobody", "password": "wrong", "next": ""},
    ),
    everybody("console/sign-out", SIGN_IN, {}),
    console("password", ALL),
    console("password", ALL, {"password": "eight-lanterns-hang", "current": ""}),
    everybody("console/enter/<int:user_id>/<str:token>", 302, at={"token": "one_time"}),
    # Console: the small front
    console("", ALL),
    console("do-due", RUNNERS, {}),
    console("send-waiting", RUNNERS, {}),
    console("quota", ALL),
    console("quota/open", RUNNERS),
    console(
        "quota/open",
        RUNNERS,
        {
            "line-TOTAL_FORMS": "1",
            "line-INITIAL_FORMS": "1",
            "line-0-chosen": "on",
            "line-0-region": "{region_id}",
            "line-0-host": "{everywhere_id}",
            "line-0-playbook": "{version_id}",
            "line-0-start_day": "2026-03-09",
            "line-0-size": "20",
            "line-0-budget": "300",
        },
        elsewhere=422,
    ),
    console("league", ALL),
    console("league/best", ALL),
    console("league/complaints", ALL),
    console("lines/people", ALL),
    console("lines", ALL),
    console("lines/calendar", ALL),
    console("lines/open", RUNNERS),
    console(
        "lines/open",
        RUNNERS,
        {
            "region": "{region_id}",
            "playbook": "{version_id}",
            "start_day": "2026-03-20",
            "host": "{free_id}",
            "size": "20",
            "budget": "300",
        },
        elsewhere=422,
    ),
    console("lines/open/costs", RUNNERS),
    console(LINE, ALL),
    console(f"{LINE}/calendar", ALL),
    console(f"{LINE}/calendar/<int:day>", ALL),
    console(f"{LINE}/calendar/<int:day>/fire", RUNNERS, {}),
    console(f"{LINE}/beats/<int:beat_id>/do", RUNNERS, {}),
    console(f"{LINE}/beats/<int:beat_id>/again", RUNNERS, {}),
    console(f"{LINE}/beats/<int:beat_id>/change", RUNNERS),
    console(
        f"{LINE}/beats/<int:beat_id>/change",
        RUNNERS,
        {"do": "move", "move-day": "4", "move-at": "10:00", "move-reason": "台风"},
    ),
    console(f"{LINE}/calendar/<int:day>/add", RUNNERS),
    console(
        f"{LINE}/calendar/<int:day>/add",
        RUNNERS,
        {"at": "15:00", "text": "大家好", "reason": "台风"},
    ),
    console(f"{LINE}/changes", ALL),
    console(f"{LINE}/pause", RUNNERS, {"reason": "台风"}),
    console(f"{LINE}/resume", RUNNERS, {"way": "shift", "reason": "台风过了"}),
    console(f"{LINE}/stop", RUNNERS, {"message": "就到这里", "reason": "台风"}),
    console(f"{LINE}/host", RUNNERS, {"host": "{everywhere_id}", "reason": "病了"}),
    console(f"{LINE}/give-back", FUNDERS, {}),
    console(f"{LINE}/call-again", RUNNERS),
    console(
        f"{LINE}/call-again",
        RUNNERS,
        {"day": "3", "at": "15:00", "hours": "2", "text": "再问一回", "reason": "没看见"},
    ),
    console(f"{LINE}/members", ALL),
    console(
        f"{LINE}/members/<int:member_id>/let-in",
        RUNNERS,
        {"back": "q=x"},
        at={"member_id": "late_id"},
    ),
    console(f"{LINE}/win-back", ALL),
    console(f"{LINE}/win-back", RUNNERS, {"into": "1"}, ok=422),
    console(f"{LINE}/invitations", ALL),
    console(f"{LINE}/invitations/<int:invitation_id>", RUNNERS),
    console(f"{LINE}/packets", ALL),
    console(f"{LINE}/packets/<int:packet_id>", ALL),
    console(f"{LINE}/tasks", ALL),
    console(f"{LINE}/budget", ALL),
    console(f"{LINE}/budget", FUNDERS, {"fen": "100", "key": KEY}),
    console(f"{LINE}/journal", ALL),
    console(f"{LINE}/invite-stayed", RUNNERS, {"group": "{circle_group_id}"}),
    console("groups", ALL),
    console("groups/open", RUNNERS),
    console(
        "groups/open",
        RUNNERS,
        {
            "kind": "interest",
            "region": "{region_id}",
            "name": "喝茶群",
            "topic": "喝茶",
            "host": "{host_id}",
            "rhythm": "{rhythm_id}",
            "key": KEY,
        },
        elsewhere=422,
    ),
    console(GROUP, ALL),
    console(f"{GROUP}/people", ALL),
    console(f"{GROUP}/say", RUNNERS, {"text": "大家好", "key": KEY}, at=CIRCLE),
    console(f"{GROUP}/invite", RUNNERS, {"line": "{line_id}"}, at=CIRCLE),
    console(f"{GROUP}/host", RUNNERS, {"host": "{host_id}"}, at=CIRCLE),
    console(f"{GROUP}/rhythm", RUNNERS, {"rhythm": "{rhythm_id}"}, at=CIRCLE),
    console(
        f"{GROUP}/beats/<int:beat_id>/do",
        RUNNERS,
        {},
        at=CIRCLE | {"beat_id": "week_beat_id"},
    ),
    console(f"{LINE}/chat", ALL),
    console(f"{LINE}/messages/<int:message_id>", RUNNERS),
    console(f"{LINE}/messages/<int:message_id>", RUNNERS, {"act": "down", "reason": "广告"}),
    console(
        f"{LINE}/groups/<int:group_id>/members/<int:member_id>/back",
        RUNNERS,
        {"reason": "是误会"},
        at=NEIGHBOUR,
    ),
    console("complaints", ALL),
    console("complaints/<int:complaint_id>", ALL),
    console("complaints/<int:complaint_id>", RUNNERS, DECIDED),
    console("group-rules", ALL),
    console(
        "group-rules", REPORTERS, {"kind": "newcomer", "words": "加微信", "links_blocked": "on"}
    ),
    console("outbox", ALL),
    console("outbox/<int:outgoing_id>", RUNNERS, {"give-up": "1"}),
    console("pace/<int:region_id>", RUNNERS),
    console("pace/<int:region_id>", RUNNERS, PACE),
    console("playbooks", ALL),
    console("playbooks/new", PUBLISHERS),
    console("playbooks/new", PUBLISHERS, {"version": "{version_id}", "draft": ""}),
    console("playbooks/<int:version_id>/differences", ALL, elsewhere=200),
    # Who writes keeps the text when the sign-in has ended, and is told so
    writing("playbooks/check", {"text": "key: x"}, 200),
    writing(f"{DRAFT}/save", {"text": "key: x", "revision": "1"}, 403, middle=302),
    console(DRAFT, (*PUBLISHERS, "auditor"), elsewhere=200),
    console(f"{DRAFT}/rehearsal", (*PUBLISHERS, "auditor"), elsewhere=200),
    console(f"{DRAFT}/rehearsal", PUBLISHERS, {}, elsewhere=302),
    console(f"{DRAFT}/drop", PUBLISHERS, {}, elsewhere=302),
    console(f"{DRAFT}/take-back", PUBLISHERS, {}, at=HANDED_IN, elsewhere=302),
    console(
        f"{DRAFT}/review",
        PUBLISHERS,
        {"revision": "2", "comment": "第三天太满", "back": "1"},
        at=HANDED_IN,
        elsewhere=302,
        middle=422,  # wrote it
    ),
    console("playbooks/<int:version_id>", ALL, elsewhere=200),
    console("playbooks/<int:version_id>/source", ALL, elsewhere=200),
    console("hosts", ALL),
    console("loop", ALL),
    console("hosts/choices", RUNNERS),
    console("hosts/appoint", RUNNERS),
    console(
        "hosts/appoint",
        RUNNERS,
        {
            "name": "王芳",
            "city": "",
            "level": "owner",
            "reason": "店铺老板",
            "adult": "on",
            "consent": "on",
            "key": KEY,
        },
    ),
    console("hosts/<int:member_id>", RUNNERS, at=HOST),
    console("hosts/<int:member_id>/offer", RUNNERS, at=FREE, elsewhere=200),
    console(
        "hosts/<int:member_id>/offer",
        RUNNERS,
        {
            "region": "{region_id}",
            "playbook": "{version_id}",
            "start_day": "2026-04-20",
            "answer_by": "2026-03-15",
            "size": "20",
            "budget": "300",
        },
        at=FREE,
        elsewhere=422,
    ),
    console("offers/<int:offer_id>/withdraw", RUNNERS, {"reason": "另有安排"}),
    console("offers/<int:offer_id>/open", RUNNERS, {}, at={"offer_id": "accepted_id"}),
    console("proposals/<int:promotion_id>", RUNNERS, {"approve": "1", "reason": "做得好"}),
    console("events", ALL),
    console("events/new", RUNNERS),
    console("events/new", RUNNERS, EVENT, elsewhere=422),
    console("events/<int:event_id>", ALL),
    console("events/<int:event_id>/edit", RUNNERS),
    console("events/<int:event_id>/edit", RUNNERS, EVENT),
    console("events/<int:event_id>/cancel", RUNNERS, {"reason": "场地停电"}),
    console("events/<int:event_id>/photos/<int:photo_id>/remove", RUNNERS, {}),
    # Console: the big middle
    console("talks", ALL),
    console("talks/take-in", PUBLISHERS, {"playbook": "{version_id}"}),
    console("talks/new", PUBLISHERS),
    console("talks/new", PUBLISHERS, {"topic": "零售的前世今生"}, ok=422),
    console("talks/<int:talk_id>", ALL, elsewhere=200),
    console("talks/<int:talk_id>/rewrite", PUBLISHERS, elsewhere=200),
    console("talks/<int:talk_id>/rewrite", PUBLISHERS, {"guest": "x"}, ok=422, elsewhere=422),
    console("guests", ALL),
    console(
        "guests",
        PUBLISHERS,
        {
            "guest": "{guest_of_talk_id}",
            "day": "2026-03-20",
            "starts": "20:00",
            "ends": "21:00",
            "note": "华东线",
            "key": KEY,
        },
    ),
    console(
        "guests/bookings/<int:booking_id>/release",
        PUBLISHERS,
        {"reason": "改期"},
        elsewhere=302,
    ),
    console("members", ALL),
    console("members/doubles", ADMIN),
    console("members/<int:kept_id>/merge/<int:lost_id>", ADMIN),
    console("members/<int:kept_id>/merge/<int:lost_id>", ADMIN, {}),
    console("members/<int:member_id>", ALL, at=INSIDER),
    console("members/<int:member_id>/fans", ALL, at=INSIDER),
    console("members/<int:member_id>/fans/branch", ALL, at=INSIDER),
    console("links", ALL),
    console("fan-claims", ALL),
    console("fan-claims/<int:dispute_id>", ALL),
    console("fan-claims/<int:dispute_id>", RUNNERS, {"decision": "kept", "reason": "先点了别人"}),
    console("members/<int:member_id>/tag", TAGGERS, {"word": "宝妈"}, at=INSIDER),
    console("members/<int:member_id>/untag", TAGGERS, {"tag": "1"}, at=INSIDER),
    console("orders", ORDERS),
    console("orders/upload", REPORTERS),
    console("orders/upload", REPORTERS, {"file": "forgotten"}, ok=422),
    # Console: the back office
    console("budgets", ALL),
    console("payouts", BOOKS),
    console("payouts/export", PAYERS, {}),
    console("payouts/lists/<int:export_id>", PAYERS),
    console("payouts/lists/<int:export_id>/file", PAYERS),
    console("payouts/lists/<int:export_id>/paid", PAYERS, {"payout": "{listed_id}"}),
    console("payouts/<int:payout_id>/reject", PAYERS, {"reason": "账号不对"}),
    console("ledger", BOOKS),
    console("staff", ("administrator", "auditor")),
    console("staff/add", ADMIN),
    console(
        "staff/add",
        ADMIN,
        {"name": "李娜", "username": "li.na", "role": "auditor", "region": ""},
        ok=200,
    ),
    console("staff/<int:user_id>/link", ADMIN, {}, ok=200),
    console("staff/<int:user_id>/end", ADMIN, {}),
    console("staff/<int:user_id>", ADMIN),
    console(
        "staff/<int:user_id>",
        ADMIN,
        {"name": "李娜", "role": "region_manager", "region": "{region_id}"},
    ),
    console("staff/<int:user_id>/return", ADMIN, {}, ok=200),
    console("regions", ALL),
    console("regions/add", ADMIN),
    console(
        "regions/add",
        ADMIN,
        {"code": "XB", "name": "西北", "zone": "Asia/Shanghai", "weekly_lines": "1"},
    ),
    console("regions/<int:region_id>", ADMIN),
    console("regions/<int:region_id>", ADMIN, {"name": "江浙沪", "weekly_lines": "2"}),
    console("cities/add", ADMIN),
    console("cities/add", ADMIN, {"name": "嘉兴", "region": "{region_id}", "tier": "3"}),
    console("cities/<int:city_id>", ADMIN),
    console("cities/<int:city_id>", ADMIN, {"name": "杭州", "region": "{region_id}", "tier": "1"}),
    console("import", ADMIN),
    console("import", ADMIN, {"kind": "members", "file": "forgotten"}, ok=422),
    console("import/template/<str:kind>", ADMIN),
    console("import/<int:file_id>", ADMIN),
    console("import/<int:file_id>/do", ADMIN, {}, ok=200),
    console("journal", ("administrator", "auditor")),
    console("keys", ADMIN),
    console("keys", ADMIN, {"name": "另一家店"}, ok=200),
    console("keys/revoke", ADMIN, {"name": "微店"}),
    # The host's cockpit
    phone("host/", "host"),
    phone("host/beat/<int:beat_id>/send", "host", {"text": "大家好"}),
    phone("host/beat/<int:beat_id>/sent", "host", {"deck": "1"}),
    phone("host/line/<int:line_id>/cards", "host"),
    phone("host/line/<int:line_id>/care", "host"),
    phone("host/line/<int:line_id>/spoken", "host", {"member": "{late_id}"}),
    phone("host/beat/<int:beat_id>/reply", "host", {"reply": "1"}, at={"beat_id": "question_id"}),
    phone("host/line/<int:line_id>/people", "host"),
    phone("host/line/<int:line_id>/tick", "host"),
    phone("host/line/<int:line_id>/tick", "host", {"assignment": "{assignment_id}"}),
    phone("host/line/<int:line_id>/call", "host"),
    phone("host/line/<int:line_id>/call", "host", {"member": "{late_id}"}),
    phone("host/line/<int:line_id>/invitations", "host"),
    phone("host/line/<int:line_id>/win-back", "host"),
    phone("host/line/<int:line_id>/win-back", "", {"asked": "0"}),
    phone("host/complaints", "host"),
    phone("host/complaint/<int:complaint_id>", "host"),
    phone("host/complaint/<int:complaint_id>", "host", DECIDED),
    phone("host/message/<int:message_id>", "host"),
    phone("host/message/<int:message_id>", "host", DECIDED),
    phone("host/group/<int:group_id>/member/<int:member_id>", "host", at=NEIGHBOUR),
    phone("host/group/<int:group_id>/member/<int:member_id>", "host", DECIDED, at=NEIGHBOUR),
    phone("host/group/<int:group_id>/member/<int:member_id>/unmute", "host", {}, at=NEIGHBOUR),
    phone("host/offers"),
    phone("host/offers/<int:offer_id>", "host", {"reason": "这次不行"}),
    phone("host/earnings", "host"),
    # Members' pages
    Row(
        "j/<str:token>",
        dict.fromkeys(EVERYBODY, 410) | {"insider": 302, "neighbour": 302},
        at={"token": "invitation"},
    ),
    Row(
        "j/<str:token>",
        dict.fromkeys(EVERYBODY, 410) | {"insider": 302, "neighbour": 302},
        {"name": "王芳", "city": "", "adult": "on", "consent": "on", "key": KEY},
        at={"token": "invitation"},
    ),
    everybody("s/<str:token>", 200, at={"token": "shared"}),
    everybody("s/<str:token>", 303, {}, at={"token": "shared"}),
    everybody("s/<str:token>/lesson", 200, at={"token": "shared"}),
    phone("share"),
    phone("share", data={"line": "{line_id}", "target": "product", "talk": "", "place": "宝妈群"}),
    phone("share/<int:link_id>", "insider"),
    phone("share/<int:link_id>/poster", "insider"),
    phone("fans"),
    phone("fans/claim/<int:click_id>", "neighbour", {"reason": "我先介绍的"}),
    phone("today", host=302),
    phone("path", host=302),
    phone("groups", outsider=302),
    phone("group/<int:group_id>", "host insider neighbour"),
    phone("group/<int:group_id>/new", "host insider neighbour"),
    phone("group/<int:group_id>/say", "host insider neighbour", {"text": "大家好", "key": KEY}),
    phone("group/<int:group_id>/leave", "host neighbour", {}, at=CIRCLE),
    phone("group/invite/<int:invite_id>", "insider", {"answer": "yes"}),
    phone("group/card/<int:beat_id>", "host", {"text": "大家好"}, at={"beat_id": "week_beat_id"}),
    phone("group/<int:group_id>/report", "host insider neighbour"),
    phone(
        "group/<int:group_id>/report",
        "host insider neighbour",
        {"cause": "money", "words": "要押金"},
    ),
    phone("message/<int:message_id>", "insider neighbour", host=302),
    phone("message/<int:message_id>", "insider neighbour", {"cause": "ads"}, host=302),
    phone("notices"),
    phone("notices", data={"stop": "1"}),
    phone("reports"),
    phone("line/<int:line_id>/opt-in", "insider neighbour", {}),
    phone("line/<int:line_id>/check-in", "insider neighbour", {}),
    phone("line/<int:line_id>/leave", "insider neighbour", {}),
    phone("task/<int:assignment_id>", "insider"),
    phone("task/<int:assignment_id>", "insider", {"q1": "2"}, at={"assignment_id": "quiz_id"}),
    phone("task/<int:assignment_id>/tell", "insider", {}),
    phone("packet/<int:packet_id>", "host insider neighbour"),
    phone("packet/<int:packet_id>/open", "host insider neighbour", {}),
    phone("events"),
    phone("events/<int:event_id>", "insider neighbour"),
    phone("events/<int:event_id>/sign-up", "insider neighbour", {}),
    phone("events/<int:event_id>/give-back", "insider", {}),
    at_the_door("events/<int:event_id>/door"),
    at_the_door("events/<int:event_id>/door", {"member": "{guest_id}"}),
    at_the_door("events/<int:event_id>/photos", {}),
    at_the_door("events/<int:event_id>/photos/<int:photo_id>", None, [*STAFF, "insider"]),
    everybody("ticket/<str:token>", 200, at={"token": "ticket"}),
    Row(
        "ticket/<str:token>",
        dict.fromkeys(EVERYBODY, 404) | dict.fromkeys((*RUNNERS, "host"), 302),
        {},
        {"token": "ticket"},
    ),
    phone("wallet"),
    phone("wallet/payout"),
    phone(
        "wallet/payout",
        data={"fen": "1.00", "payee": "陈思远", "payee_account": "6222", "key": KEY},
        ok=422,
        insider=302,
    ),
    phone("me"),
    phone("me", data={"name": "新名字"}),
    phone("me/end-links", data={}),
    phone("invite"),
    phone("certificate/<int:line_id>", "insider"),
    # Machines
    Row("api/facts", dict.fromkeys(EVERYBODY, 401) | {"machine": 400}, {}),
    Row("api/orders", dict.fromkeys(EVERYBODY, 401) | {"machine": 400}, {}),
]
