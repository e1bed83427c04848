"""Host and region take down, mute, remove; members complain, and every complaint has a clock."""

from datetime import timedelta

import pytest

from loop28.front.groups import actions, complaints, moderated, moderation, queries, refusals, words
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import (
    Complaint,
    Decision,
    Group,
    GroupKind,
    Hand,
    Membership,
    Message,
)
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Enrollment, EnrollmentState
from loop28.front.lines.refusals import Removed
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from tests.factories import region, staff
from tests.line_kit import group, invitation, local, moving_clock, open_line, seated
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
NOON = local(1, 12)


@pytest.fixture
def at():
    with moving_clock() as move:
        yield move


@pytest.fixture
def line(at):
    return open_line()


@pytest.fixture
def host(line):
    return Actor(Role.MEMBER, line.host_id)


def said(line, member, text="好", platform="house"):
    key = f"{member}:{text}"
    actions.receive(SYSTEM, [Incoming(platform, key, group(line), member, text, clock.now())])
    return Message.objects.get(platform=platform, external_id=key)


def complained(line, by, message, cause="ads"):
    complaints.complain(
        Actor(Role.MEMBER, by), group(line), cause, "", message_id=message.pk, line=line.pk
    )
    return Complaint.objects.get(by=by, message=message)


def manager(line):
    return staff(Role.REGION_MANAGER, line.region).actor


def last(kind):
    return Entry.objects.filter(kind=kind).order_by("-id").first()


# ── Taking down ─────────────────────────────────────────────────────────────────────────────────


def test_a_message_that_was_taken_down_keeps_its_text_and_the_journal_says_why(line, host):
    (who,) = seated(line, 1)
    message = said(line, who, "加微信日结")
    before = Group.objects.get(id=group(line)).version
    moderation.take_down(host, message.pk, "广告", line=line.pk)
    message.refresh_from_db()
    assert (message.text, message.taken_down) == ("加微信日结", Hand.HOST)
    assert message.changed_in == before + 1 == Group.objects.get(id=group(line)).version
    fact = last("MessageTakenDown")
    assert (fact.line, fact.actor) == (line.pk, str(host))
    assert moderated.reasons([fact.data["reason"]]) == {fact.data["reason"]: "广告"}


def test_taking_down_twice_is_one_fact_and_the_first_hand_stands(line, host):
    (who,) = seated(line, 1)
    message = said(line, who)
    moderation.take_down(host, message.pk, "广告")
    moderation.take_down(manager(line), message.pk, "也是")
    message.refresh_from_db()
    assert message.taken_down == Hand.HOST
    assert Entry.objects.filter(kind="MessageTakenDown").count() == 1


def test_what_the_programme_did_stands_and_a_reason_is_needed(line, host):
    (who,) = seated(line, 1)
    packet = said(line, who)
    Message.objects.filter(pk=packet.pk).update(kind="packet")
    with pytest.raises(refusals.StandsAsItIs):
        moderation.take_down(host, packet.pk, "广告")
    with pytest.raises(TextMissing):
        moderation.take_down(host, said(line, who, "另一句").pk, " ")


def test_only_who_runs_the_line_moderates_in_it(line, host):
    writer, other = seated(line, 2)
    message = said(line, writer)
    with pytest.raises(NotAllowed):
        moderation.take_down(Actor(Role.MEMBER, other), message.pk, "广告")
    with pytest.raises(NotAllowed):
        moderation.mute(staff(Role.AUDITOR).actor, group(line), writer, 1, "广告")
    for stranger in (staff(Role.REGION_MANAGER, region("HN")).actor, Actor(Role.MEMBER, 10**9)):
        with pytest.raises(Group.DoesNotExist):
            moderation.remove(stranger, group(line), writer, "广告")
    moderation.take_down(manager(line), message.pk, "广告")
    message.refresh_from_db()
    assert message.taken_down == Hand.REGION


def test_two_hands_at_once_take_a_message_down_once(line, host):
    (who,) = seated(line, 1)
    message, boss = said(line, who), manager(line)
    together(
        lambda: moderation.take_down(host, message.pk, "广告"),
        lambda: moderation.take_down(boss, message.pk, "广告"),
    )
    assert Entry.objects.filter(kind="MessageTakenDown").count() == 1


# ── Muting ──────────────────────────────────────────────────────────────────────────────────────


def test_who_is_muted_is_told_until_when_and_why_and_writes_again_after_it(line, host, at):
    (who,) = seated(line, 1)
    at(NOON)
    moderation.mute(host, group(line), who, 24, "刷屏", line=line.pk)
    me = Actor(Role.MEMBER, who)
    with pytest.raises(refusals.Muted) as no:
        words.check(me, group(line), "我还想说")
    assert "03-03 12:00" in str(no.value)
    assert "刷屏" in str(no.value)
    at(NOON + timedelta(hours=24))
    words.check(me, group(line), "现在可以了")


def test_a_mute_can_be_ended_and_ending_none_is_no_fact(line, host):
    (who,) = seated(line, 1)
    moderation.mute(host, group(line), who, 1, "刷屏")
    for _ in range(2):
        moderation.unmute(host, group(line), who)
    words.check(Actor(Role.MEMBER, who), group(line), "谢谢")
    assert Entry.objects.filter(kind="MemberUnmuted").count() == 1


@pytest.mark.parametrize("hours", [0, -1, 721])
def test_a_mute_has_a_sensible_length(line, host, hours):
    (who,) = seated(line, 1)
    with pytest.raises(refusals.MuteOutOfRange):
        moderation.mute(host, group(line), who, hours, "刷屏")


def test_the_host_is_neither_muted_nor_removed(line, host):
    for act in (
        lambda: moderation.mute(manager(line), group(line), line.host_id, 1, "不"),
        lambda: moderation.remove(manager(line), group(line), line.host_id, "不"),
    ):
        with pytest.raises(refusals.HostIsExempt):
            act()


# ── Removing ────────────────────────────────────────────────────────────────────────────────────


def test_who_is_removed_loses_the_seat_and_does_not_come_back_alone(line, host):
    who, other = seated(line, 2)
    moderation.remove(host, group(line), who, "骗钱", line=line.pk)
    assert Enrollment.objects.get(member=who).state == EnrollmentState.LEFT
    assert not queries.present(group(line), [who])
    with pytest.raises(Removed):
        lines.join(SYSTEM, invitation(line), [who])
    actions.join(SYSTEM, group(line), [who])
    assert not queries.present(group(line), [who])
    assert Enrollment.objects.get(member=other).state == EnrollmentState.JOINED
    assert list(moderated.reasons([last("MemberRemoved").data["reason"]]).values()) == ["骗钱"]


def test_who_was_let_back_joins_by_the_invitation_again(line, host):
    (who,) = seated(line, 1)
    moderation.remove(host, group(line), who, "误会")
    moderation.let_back(manager(line), group(line), who, "说清楚了", line=line.pk)
    assert not queries.present(group(line), [who])
    assert lines.join(SYSTEM, invitation(line), [who]) == {who: "joined"}
    assert queries.present(group(line), [who]) == {who}


def test_a_seat_that_becomes_free_goes_to_who_waits(at):
    line = open_line(size=2)
    first, _second = seated(line, 2)
    (waits,) = seated(line, 1)
    moderation.remove(SYSTEM, group(line), first, "广告")
    assert Enrollment.objects.get(member=waits).state == EnrollmentState.JOINED


def test_who_is_not_there_cannot_be_muted_or_removed(line, host):
    (who,) = seated(line, 1)
    lines.leave(SYSTEM, line.pk, who)
    with pytest.raises(refusals.NotHere):
        moderation.mute(host, group(line), who, 1, "广告")


# ── Blocked words and links ─────────────────────────────────────────────────────────────────────


def test_blocked_words_and_links_are_refused_by_name_per_kind_of_group(line):
    (who,) = seated(line, 1)
    me = Actor(Role.MEMBER, who)
    words.set_rules(SYSTEM, GroupKind.NEWCOMER, ["加微信", "加 微信", ""], links_blocked=True)
    assert moderated.group_rules()["newcomer"].words == ["加 微信"]
    with pytest.raises(refusals.WordBlocked, match="加 微信"):
        words.check(me, group(line), "快 加 微 信")
    with pytest.raises(refusals.LinkBlocked, match=r"bad\.com"):
        words.check(me, group(line), "看 bad.com")
    words.check(me, group(line), "http://localhost:8028/today")
    Group.objects.filter(id=group(line)).update(kind=GroupKind.INTEREST)
    words.check(me, group(line), "加微信 bad.com")


def test_the_host_may_write_what_others_may_not(line, host):
    words.set_rules(SYSTEM, GroupKind.NEWCOMER, ["微信"], links_blocked=True)
    words.check(host, group(line), "不要加别人的微信 bad.com")


def test_a_list_takes_words_that_can_be_found_and_not_too_many(line):
    for listed, no in ((["。。"], refusals.NoWord), ([f"词{n}" for n in range(501)], None)):
        with pytest.raises(no or refusals.TooManyWords):
            words.set_rules(SYSTEM, GroupKind.NEWCOMER, listed, links_blocked=False)
    for role in (Role.AUDITOR, Role.FINANCE):
        with pytest.raises(NotAllowed):
            words.set_rules(staff(role).actor, GroupKind.NEWCOMER, [], links_blocked=False)
    with pytest.raises(NotAllowed):
        words.set_rules(manager(line), GroupKind.NEWCOMER, [], links_blocked=False)


def test_in_chats_we_only_read_a_blocked_word_is_a_complaint_of_the_house(line):
    (who,) = seated(line, 1)
    words.set_rules(SYSTEM, GroupKind.NEWCOMER, ["微信"], links_blocked=False)
    message = said(line, who, "加我微 信", platform="wecom")
    said(line, who, "你好", platform="wecom")
    said(line, who, "在家里说微信", platform="house")
    found = Complaint.objects.get()
    assert (found.message, found.by, found.words, found.first) == (message, None, "微信", "host")
    actions.receive(
        SYSTEM, [Incoming("wecom", message.external_id, group(line), who, "加我微 信", NOON)]
    )
    assert Complaint.objects.count() == 1


# ── Complaints ──────────────────────────────────────────────────────────────────────────────────


def test_a_member_complains_once_about_a_message_however_often_they_tap(line):
    writer, other = seated(line, 2)
    message, me = said(line, writer), Actor(Role.MEMBER, other)

    def tap():
        return complaints.complain(me, group(line), "ads", "", message_id=message.pk)

    assert sorted(together(tap, tap)) == [False, True]
    assert Complaint.objects.count() == 1
    assert Entry.objects.filter(kind="ComplaintMade").count() == 1


def test_a_group_can_be_complained_about_once_a_day_and_the_host_does_not_read_it(line, host, at):
    (who,) = seated(line, 1)
    me = Actor(Role.MEMBER, who)
    assert complaints.complain(me, group(line), "money", "要交押金")
    assert not complaints.complain(me, group(line), "money", "还是要交")
    at(local(1, 12))
    assert complaints.complain(me, group(line), "money", "今天又要")
    assert not moderated.complaints(host).exists()
    assert moderated.with_region(manager(line), clock.now()).count() == 2


def test_something_else_needs_words_and_outsiders_cannot_complain(line):
    writer, other = seated(line, 2)
    with pytest.raises(TextMissing):
        complaints.complain(Actor(Role.MEMBER, other), group(line), "other", " ")
    with pytest.raises(Group.DoesNotExist):
        complaints.complain(Actor(Role.MEMBER, 10**9), group(line), "ads", "")
    elsewhere = said(open_line(code="HN"), writer)
    with pytest.raises(Message.DoesNotExist):
        complaints.complain(
            Actor(Role.MEMBER, other), group(line), "ads", "", message_id=elsewhere.pk
        )


def test_a_decision_does_what_it_says_and_settles_all_complaints_about_the_message(line, host):
    writer, first, second = seated(line, 3)
    message = said(line, writer)
    one, two = (complained(line, by, message) for by in (first, second))
    complaints.decide(host, one.pk, Decision.MUTED, "刷屏", hours=24, line=line.pk)
    assert Membership.objects.get(group=group(line), member=writer).muted_until is not None
    for complaint in (one, two):
        complaint.refresh_from_db()
        assert (complaint.decision, complaint.reason) == (Decision.MUTED, "刷屏")
        assert complaint.decided_by == str(host)
    assert moderated.own_complaints(Actor(Role.MEMBER, second)).get().decision == Decision.MUTED
    assert Entry.objects.filter(kind="ComplaintDecided", line=line.pk).count() == 2
    with pytest.raises(refusals.ComplaintSettled):
        complaints.decide(host, two.pk, Decision.UNFOUNDED, "不")


@pytest.mark.parametrize("decision", Decision.values)
def test_every_decision_about_a_persons_message_can_be_taken(line, host, decision):
    writer, other = seated(line, 2)
    complaint = complained(line, other, said(line, writer))
    complaints.decide(host, complaint.pk, decision, "看过了", hours=1)
    complaint.refresh_from_db()
    assert complaint.decision == decision
    assert (Message.objects.get(id=complaint.message_id).taken_down == "host") is (
        decision == "down"
    )
    assert (writer not in queries.present(group(line), [writer])) is (decision == "remove")


def test_after_a_day_the_complaint_is_the_regions(line, host, at):
    writer, other = seated(line, 2)
    complaint, boss = complained(line, other, said(line, writer)), manager(line)
    made = clock.now()
    at(made + timedelta(hours=24) - timedelta(seconds=1))
    assert moderated.complaints_with_region(boss, clock.now()) == (0, None)
    at(made + timedelta(hours=24))
    assert moderated.complaints_with_region(boss, clock.now()) == (1, complaint.at)
    with pytest.raises(refusals.RegionDecides):
        complaints.decide(host, complaint.pk, Decision.UNFOUNDED, "不")
    complaints.decide(boss, complaint.pk, Decision.UNFOUNDED, "不是广告")


def test_a_complaint_about_the_host_is_with_the_region_at_once(line, host):
    (who,) = seated(line, 1)
    complaint = complained(line, who, said(line, line.host_id))
    with pytest.raises(Complaint.DoesNotExist):
        complaints.decide(host, complaint.pk, Decision.UNFOUNDED, "我没有")
    with pytest.raises(refusals.DecisionDoesNotFit):
        complaints.decide(manager(line), complaint.pk, Decision.REMOVED, "不行")
    complaints.decide(manager(line), complaint.pk, Decision.TAKEN_DOWN, "不得体")


def test_two_deciders_at_once_decide_once(line, host):
    writer, other = seated(line, 2)
    complaint, boss = complained(line, other, said(line, writer)), manager(line)
    outcomes = together(
        lambda: complaints.decide(host, complaint.pk, Decision.SETTLED, "谈过"),
        lambda: complaints.decide(boss, complaint.pk, Decision.UNFOUNDED, "不"),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "ComplaintSettled",
        "NoneType",
    ]


def test_other_regions_and_other_hosts_see_no_complaint(line):
    writer, other = seated(line, 2)
    complained(line, other, said(line, writer))
    elsewhere = open_line(code="HN")
    for stranger in (manager(elsewhere), Actor(Role.MEMBER, elsewhere.host_id)):
        assert not moderated.complaints(stranger).exists()
    assert moderated.complaints(staff(Role.AUDITOR).actor).count() == 1
