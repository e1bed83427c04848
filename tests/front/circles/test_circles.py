"""Standing groups: opened once, entered by a yes, left at any time; their weeks go on for ever."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest

from loop28.front.circles import actions, queries, refusals, rules, weeks
from loop28.front.circles.models import Circle, Invite, WeekBeat
from loop28.front.groups import queries as groups
from loop28.front.groups.models import GroupKind, Message
from loop28.front.lines import actions as lines
from loop28.front.lines import calling
from loop28.front.lines.refusals import BeatNotByHand
from loop28.front.playbooks.refusals import NoSuchPlaybook
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.members.refusals import ConsentMissing
from tests.circle_kit import WEEKLY, coming, invite_of, open_circle, weekly
from tests.line_kit import (
    live_until,
    local,
    moving_clock,
    open_line,
    people,
    region,
    seated,
)
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(transactional_db):
    with moving_clock() as move:  # Sunday; the next day, day 1, is a Monday
        yield move


def me(member):
    return Actor(Role.MEMBER, member)


def said(circle):
    return list(Message.objects.filter(group=circle.group_id).order_by("id"))


class TestOpening:
    def test_makes_a_group_with_its_host_and_lays_out_this_week_and_the_next(self):
        circle = open_circle()
        assert circle.group.kind == "interest"
        assert groups.present(circle.group_id, [circle.group.host_id])
        beats = queries.weeks(circle.pk, circle.first_week)
        # What was due before it opened, at noon of a Sunday, is not part of it.
        assert [b.due_at for b in beats] == [
            local(0, 20, 30),
            local(1, 9),
            local(3, 20),
            local(7, 20, 30),
        ]
        assert [b.key for b in beats][2] == "second"  # its second week, by the cycle

    def test_the_same_form_sent_twice_is_one_group(self):
        key, (host,) = uuid4(), people(1)
        assert open_circle(key=key, host=host) == open_circle(key=key, host=host)
        assert Circle.objects.count() == 1

    def test_two_forms_at_the_same_instant_are_one_group(self):
        key, (host,) = uuid4(), people(1)
        region("HD")
        weekly()
        results = together(*[lambda: open_circle(key=key, host=host)] * 3)
        assert {getattr(r, "pk", r) for r in results} == {Circle.objects.get().pk}

    def test_is_refused_outside_of_ones_region_and_without_a_weekly_playbook(self):
        (host,) = people(1)
        wish = actions.Wish(
            region=region("HD").pk,
            kind=GroupKind.HEAD,
            name="店主",
            topic="店",
            host=host,
            rhythm=weekly().pk,
            key=uuid4(),
        )
        stranger = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
        for actor in (stranger, Actor(Role.FINANCE, 1), me(host)):
            with pytest.raises(NotAllowed):
                actions.open_circle(actor, wish)
        with pytest.raises(NoSuchPlaybook):
            actions.open_circle(SYSTEM, replace(wish, rhythm=open_line().playbook_id))
        assert not Circle.objects.exists()


class TestRhythm:
    def test_goes_on_week_after_week_and_sends_each_beat_once(self):
        circle = open_circle()
        live_until(local(28, 23))
        texts = [m.text for m in said(circle)]
        assert texts == [
            *("早上好", "盖碗还是壶？"),
            *("早上好", "绿茶还是红茶？"),
            *("早上好", "盖碗还是壶？"),
            *("早上好", "绿茶还是红茶？"),
        ]
        assert WeekBeat.objects.filter(state="planned", due_at__gt=local(28, 23)).exists()

    def test_two_workers_at_once_send_it_once(self, clock):
        circle = open_circle()
        clock(local(1, 9))
        together(*[lambda: weeks.fire_due(SYSTEM)] * 3)
        assert [m.text for m in said(circle)] == ["早上好"]

    def test_two_workers_at_once_lay_out_a_week_once(self, clock):
        circle = open_circle()
        clock(local(1, 0))
        together(*[lambda: weeks.plan(SYSTEM)] * 3)
        assert WeekBeat.objects.filter(circle=circle, week=local(8, 12).date()).count() == 3
        assert weeks.plan(SYSTEM) == 0

    def test_who_was_late_does_what_the_beat_says_and_weeks_that_passed_are_over(self, clock):
        circle = open_circle()
        clock(local(24, 8))
        live_until(local(24, 8))
        states = dict(
            WeekBeat.objects.filter(due_at__lt=local(24, 8)).values_list("due_at", "state")
        )
        assert states[local(1, 9)] == "skipped"  # within six hours
        assert states[local(3, 20)] == "skipped"
        assert local(8, 9) not in states  # nothing ran: that week never was
        assert said(circle) == []
        live_until(local(24, 21))
        assert [m.text for m in said(circle)] == ["绿茶还是红茶？"]

    def test_a_card_waits_for_the_hosts_hand_and_is_sent_once(self, clock):
        circle = open_circle()
        host = me(circle.group.host_id)
        live_until(local(7, 20, 45))
        (card,) = queries.cards(host, local(7, 20, 45))
        (other,) = coming(circle, 1)
        with pytest.raises(Circle.DoesNotExist):
            weeks.do_by_hand(me(other), card.pk)
        weeks.do_by_hand(host, card.pk, "今天谢谢老周")
        with pytest.raises(BeatNotByHand):
            weeks.do_by_hand(host, card.pk)
        last = said(circle)[-1]
        assert (last.text, last.as_host) == ("今天谢谢老周", True)

    def test_another_playbook_changes_what_is_to_come_and_nothing_that_was(self, clock):
        circle = open_circle()
        live_until(local(1, 10))
        text = WEEKLY.replace("早上好", "早安").replace("盖碗还是壶？", "紫砂还是瓷？")
        actions.change_rhythm(SYSTEM, circle.pk, weekly(text).pk)
        live_until(local(8, 10))
        assert [m.text for m in said(circle)] == ["早上好", "紫砂还是瓷？", "早安"]


class TestInvitation:
    def test_nobody_is_in_before_they_said_yes(self):
        circle = open_circle()
        first, second = people(2)
        assert actions.invite(SYSTEM, circle.pk, [first, second]) == [first, second]
        assert not groups.present(circle.group_id, [first, second])
        actions.answer(me(first), invite_of(circle, first), accepted=True)
        actions.answer(me(second), invite_of(circle, second), accepted=False)
        assert groups.present(circle.group_id, [first, second]) == {first}
        assert queries.answers([circle.pk]) == {circle.pk: {"open": 0, "yes": 1, "no": 1}}

    def test_each_is_asked_once_and_who_is_in_is_not(self):
        circle = open_circle()
        (member,) = people(1)
        actions.invite(SYSTEM, circle.pk, [member, member])
        actions.answer(me(member), invite_of(circle, member), accepted=False)
        assert actions.invite(SYSTEM, circle.pk, [member, circle.group.host_id]) == []
        assert Entry.objects.filter(kind="InvitedToCircle").count() == 1

    def test_two_who_invite_at_once_ask_once(self):
        circle = open_circle()
        comers = people(3)
        asked = together(*[lambda: actions.invite(SYSTEM, circle.pk, comers)] * 2)
        assert sorted(asked) == [[], comers]

    def test_a_no_can_become_a_yes_and_a_yes_stays_one(self):
        circle = open_circle()
        (member,) = people(1)
        actions.invite(SYSTEM, circle.pk, [member])
        number = invite_of(circle, member)
        for accepted in (False, True, True, False):
            actions.answer(me(member), number, accepted=accepted)
        assert Invite.objects.get(pk=number).answer == "yes"
        assert groups.present(circle.group_id, [member])
        assert Entry.objects.filter(kind="CircleInviteAnswered").count() == 2

    def test_another_ones_invitation_does_not_exist(self):
        circle = open_circle()
        member, other = people(2)
        actions.invite(SYSTEM, circle.pk, [member])
        with pytest.raises(refusals.NotInvited):
            actions.answer(me(other), invite_of(circle, member), accepted=True)

    def test_consent_must_stand(self):
        circle = open_circle()
        member, gone = people(2)
        members.withdraw_consent(me(gone), gone)
        assert actions.invite(SYSTEM, circle.pk, [member, gone]) == [member]
        members.withdraw_consent(me(member), member)
        with pytest.raises(ConsentMissing):
            actions.answer(me(member), invite_of(circle, member), accepted=True)
        assert not groups.present(circle.group_id, [member])

    def test_who_takes_their_consent_back_leaves(self):
        circle = open_circle()
        (member,) = coming(circle, 1)
        members.withdraw_consent(me(member), member)
        assert not groups.present(circle.group_id, [member])

    def test_the_last_seat_is_given_once(self, monkeypatch):
        monkeypatch.setitem(rules.LIMITS, "interest", 2)
        circle = open_circle()
        comers = people(2)
        actions.invite(SYSTEM, circle.pk, comers)
        asked = [(me(m), invite_of(circle, m)) for m in comers]
        results = together(
            *[lambda a=a, n=n: actions.answer(a, n, accepted=True) for a, n in asked]
        )
        assert sorted(isinstance(r, refusals.CircleFull) for r in results) == [False, True]
        assert groups.head_counts([circle.group_id]) == {circle.group_id: 2}

    def test_a_manager_invites_into_their_own_groups_and_a_host_does_not(self):
        circle = open_circle()
        comers = people(1)
        with pytest.raises(Circle.DoesNotExist):
            actions.invite(Actor(Role.REGION_MANAGER, 1, region("HN").pk), circle.pk, comers)
        for actor in (Actor(Role.AUDITOR, 1), me(circle.group.host_id)):
            with pytest.raises(NotAllowed):
                actions.invite(actor, circle.pk, comers)


class TestWhoDidNotSay1:
    def test_are_asked_after_the_call_and_the_others_are_not(self):
        circle, line = open_circle(), open_line()
        passed, stayed, left = seated(line, 3)
        live_until(local(2, 21))
        lines.let_in(SYSTEM, line.pk, [passed])
        with pytest.raises(refusals.CallNotOver):
            actions.invite_stayed_behind(SYSTEM, circle.pk, line.pk)
        lines.leave(SYSTEM, line.pk, left)
        live_until(local(3, 12))
        assert actions.invite_stayed_behind(SYSTEM, circle.pk, line.pk) == [stayed]
        assert actions.invite_stayed_behind(SYSTEM, circle.pk, line.pk) == []
        assert queries.answers_of_line(line.pk)[circle.pk]["open"] == 1
        (entry,) = Entry.objects.filter(kind="InvitedToCircle")
        assert entry.line == line.pk

    def test_are_not_asked_while_a_second_call_can_be_answered(self, clock):
        circle, line = open_circle(), open_line()
        seated(line, 2)
        live_until(local(3, 12))
        calling.call_again(
            SYSTEM, line.pk, day=3, at=time(20), hours=3, text="再问一次", reason="很多人没看到"
        )
        live_until(local(3, 21))
        with pytest.raises(refusals.CallNotOver):
            actions.invite_stayed_behind(SYSTEM, circle.pk, line.pk)
        live_until(local(3, 23, 1))
        assert len(actions.invite_stayed_behind(SYSTEM, circle.pk, line.pk)) == 2

    def test_of_another_region_are_not_reached(self):
        circle, line = open_circle(code="HN"), open_line()
        manager = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
        with pytest.raises(type(line).DoesNotExist):
            actions.invite_stayed_behind(manager, circle.pk, line.pk)


class TestLeaving:
    def test_a_member_leaves_and_the_host_stays(self):
        circle = open_circle()
        (member,) = coming(circle, 1)
        actions.leave(me(member), circle.group_id)
        assert not groups.present(circle.group_id, [member])
        with pytest.raises(refusals.NotInCircle):
            actions.leave(me(member), circle.group_id)
        with pytest.raises(refusals.HostMayNotLeave):
            actions.leave(me(circle.group.host_id), circle.group_id)

    def test_a_lines_group_is_left_with_its_line(self):
        line = open_line()
        (member,) = seated(line, 1)
        with pytest.raises(refusals.NotInCircle):
            actions.leave(me(member), line.phases.first().group_id)


class TestHost:
    def test_another_host_comes_in_and_the_one_before_stays(self):
        circle = open_circle()
        before, (after,) = circle.group.host_id, people(1)
        actions.change_host(SYSTEM, circle.pk, after)
        assert groups.present(circle.group_id, [before, after]) == {before, after}
        assert list(queries.circles(me(after))) == [circle]
        assert not queries.circles(me(before)).exists()
        with pytest.raises(NotAllowed):
            actions.change_host(me(after), circle.pk, before)

    def test_what_is_said_for_the_host_is_said_once(self):
        circle, key = open_circle(), uuid4()
        for _ in range(2):
            actions.say(SYSTEM, circle.pk, "大家今天喝什么？", key)
        assert [m.text for m in said(circle)] == ["大家今天喝什么？"]
        with pytest.raises(NotAllowed):
            actions.say(Actor(Role.AUDITOR, 1), circle.pk, "嗨", uuid4())


def test_a_clock_set_back_repeats_nothing(clock):
    circle = open_circle()
    live_until(local(3, 21))
    clock(local(1, 8))
    live_until(local(3, 21) + timedelta(hours=1))
    assert len(said(circle)) == 2
