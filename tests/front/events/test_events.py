"""Who is invited, who has a place, who came: one event from its announcement to its photos."""

from datetime import timedelta
from uuid import uuid4

import pytest

from loop28.front.events import actions, queries, refusals
from loop28.front.events.actions import Announcement
from loop28.front.events.models import Event, SignUp
from loop28.front.events.queries import Counts
from loop28.kernel import clock as kernel_clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.links import LinkExpired, LinkInvalid
from loop28.kernel.text import TextMissing
from loop28.middle.members import actions as members
from tests.factories import city, member, region, staff
from tests.front.events.conftest import NOW

pytestmark = pytest.mark.django_db
LINE = 7


def guest(home="杭州"):
    return Actor(Role.MEMBER, member(city=city(home)).pk)


def said(event, **other):
    names = ("title", "place", "about", "starts_at", "ends_at", "places")
    kept = {name: getattr(event, name) for name in names}
    kept |= {"city": event.city_id, "cities": [c.pk for c in event.cities.all()]}
    return Announcement(**(kept | other))


def states(event):
    return list(event.sign_ups.order_by("id").values_list("state", flat=True))


def told(kind):
    return [entry.data for entry in Entry.objects.filter(kind=kind).order_by("id")]


class TestPlanning:
    def test_an_event_is_announced_once_however_often_its_form_is_sent(self, plan):
        key = uuid4()
        assert plan(key=key) == plan(key=key)
        assert len(told("EventPlanned")) == 1

    def test_a_manager_plans_in_their_own_region_only(self, plan):
        plan(staff(Role.REGION_MANAGER, region("HD")).actor)
        with pytest.raises(NotAllowed):
            plan(staff(Role.REGION_MANAGER, region("HN")).actor)
        with pytest.raises(NotAllowed):
            plan(staff(Role.FINANCE).actor)

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"starts_at": NOW - timedelta(minutes=1)}, refusals.EventInThePast),
            ({"ends_at": NOW + timedelta(days=1)}, refusals.DurationWrong),
            ({"ends_at": NOW + timedelta(days=3)}, refusals.DurationWrong),
            ({"places": 0}, refusals.PlacesOutOfRange),
            ({"places": 5001}, refusals.PlacesOutOfRange),
            ({"cities": []}, refusals.NoCityInvited),
            ({"title": " "}, TextMissing),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_written(self, plan, wrong, refusal):
        with pytest.raises(refusal):
            plan(**wrong)
        assert not Event.objects.exists()

    def test_only_cities_of_the_region_are_invited(self, plan):
        with pytest.raises(refusals.CityElsewhere):
            plan(cities=[city("广州").pk])
        with pytest.raises(refusals.CityElsewhere):
            plan(city=city("广州").pk)

    def test_more_places_go_to_those_who_wait_in_their_order(self, plan):
        event = plan(places=1)
        for _ in range(4):
            actions.sign_up(guest(), event.pk, line=LINE)
        actions.change(SYSTEM, event.pk, said(event, places=3))
        assert states(event) == ["going", "going", "going", "waiting"]
        assert len(told("EventPlaceGiven")) == 2

    def test_places_that_people_have_are_not_taken_from_them(self, plan):
        event = plan(places=2)
        for _ in range(2):
            actions.sign_up(guest(), event.pk, line=LINE)
        with pytest.raises(refusals.PlacesTaken):
            actions.change(SYSTEM, event.pk, said(event, places=1))

    def test_an_event_that_has_begun_can_be_changed_but_not_moved_into_the_past(self, plan, clock):
        event = plan()
        clock(event.starts_at + timedelta(minutes=5))
        assert actions.change(SYSTEM, event.pk, said(event, place="三楼")).place == "三楼"
        with pytest.raises(refusals.EventInThePast):
            actions.change(SYSTEM, event.pk, said(event, starts_at=NOW))

    def test_a_cancelled_event_says_why_and_takes_nobody_in(self, plan):
        event = plan()
        actions.sign_up(guest(), event.pk, line=LINE)
        actions.cancel(SYSTEM, event.pk, "场地停电")
        event.refresh_from_db()
        assert event.reason == "场地停电"
        assert told("EventCancelled") == [{"event": event.pk, "places": 1}]
        with pytest.raises(refusals.EventClosed):
            actions.sign_up(guest(), event.pk, line=LINE)
        with pytest.raises(refusals.EventClosed):
            actions.cancel(SYSTEM, event.pk, "again")

    def test_a_reason_is_needed_to_cancel(self, plan):
        with pytest.raises(TextMissing):
            actions.cancel(SYSTEM, plan().pk, "  ")


class TestInvitations:
    def invited(self, actor, event, regions=None):
        regions = [event.region_id] if regions is None else regions
        return event in queries.invitations(actor, regions, kernel_clock.now())

    def test_members_of_the_chosen_cities_in_a_line_of_the_region_are_invited(self, plan):
        event = plan()
        assert self.invited(guest("苏州"), event)
        assert not self.invited(guest("合肥"), event)
        assert not self.invited(guest("苏州"), event, [])
        assert not self.invited(Actor(Role.MEMBER, member().pk), event)

    def test_without_consent_nobody_is_invited_and_nobody_signs_up(self, plan):
        event, actor = plan(), guest()
        members.withdraw_consent(actor, actor.id)
        assert not self.invited(actor, event)
        with pytest.raises(refusals.UnknownEvent):
            actions.sign_up(actor, event.pk, line=LINE)

    def test_an_event_that_is_over_or_cancelled_invites_nobody(self, plan, clock):
        over, off = plan(), plan()
        actions.cancel(SYSTEM, off.pk, "下雨")
        assert not self.invited(guest(), off)
        clock(over.ends_at)
        assert not self.invited(guest(), over)


class TestPlaces:
    def test_whoever_comes_when_all_places_are_taken_waits(self, plan):
        event = plan(places=2)
        for _ in range(4):
            actions.sign_up(guest(), event.pk, line=LINE)
        event.refresh_from_db()
        assert (states(event), event.left) == (["going", "going", "waiting", "waiting"], 0)
        assert [queries.place_in_queue(s) for s in event.sign_ups.order_by("id")[2:]] == [1, 2]

    def test_signing_up_again_changes_nothing(self, plan):
        event, actor = plan(places=2), guest()
        first = actions.sign_up(actor, event.pk, line=LINE)
        assert actions.sign_up(actor, event.pk, line=LINE) == first
        event.refresh_from_db()
        assert (event.taken, len(told("EventSignedUp"))) == (1, 1)

    def test_somebody_from_another_city_has_no_way_in(self, plan):
        with pytest.raises(refusals.UnknownEvent):
            actions.sign_up(guest("合肥"), plan().pk, line=LINE)

    def test_a_place_given_back_goes_to_the_first_who_waits(self, plan):
        event = plan(places=1)
        first, second, third = guest(), guest(), guest()
        for actor in (first, second, third):
            actions.sign_up(actor, event.pk, line=LINE)
        actions.give_back(first, event.pk)
        assert states(event) == ["back", "going", "waiting"]
        actions.give_back(first, event.pk)
        assert states(event) == ["back", "going", "waiting"]
        assert len(told("EventPlaceGivenBack")) == 1

    def test_who_leaves_the_waiting_list_frees_no_place(self, plan):
        event = plan(places=1)
        going, waiting = guest(), guest()
        for actor in (going, waiting):
            actions.sign_up(actor, event.pk, line=LINE)
        actions.give_back(waiting, event.pk)
        event.refresh_from_db()
        assert (states(event), event.taken) == (["going", "back"], 1)

    def test_who_comes_back_stands_at_the_end_of_the_list(self, plan):
        event = plan(places=1)
        first, second = guest(), guest()
        actions.sign_up(first, event.pk, line=LINE)
        actions.sign_up(second, event.pk, line=LINE)
        actions.give_back(first, event.pk)
        actions.sign_up(first, event.pk, line=LINE + 1)
        assert states(event) == ["waiting", "going"]
        assert SignUp.objects.get(member=first.id).line == LINE + 1

    def test_who_withdraws_consent_frees_their_place(self, plan):
        event = plan(places=1)
        first, second = guest(), guest()
        for actor in (first, second):
            actions.sign_up(actor, event.pk, line=LINE)
        members.withdraw_consent(first, first.id)
        assert states(event) == ["back", "going"]


class TestCheckIn:
    @pytest.fixture
    def event(self, plan):
        return plan(host=member("场地主").pk)

    @pytest.fixture
    def going(self, event):
        actor = guest()
        actions.sign_up(actor, event.pk, line=LINE)
        return actor

    def test_the_staff_of_the_region_and_the_host_in_charge_check_people_in(
        self, event, going, clock
    ):
        clock(event.starts_at)
        manager = staff(Role.REGION_MANAGER, region("HD")).actor
        assert actions.check_in(manager, event.pk, going.id)
        assert not actions.check_in(Actor(Role.MEMBER, event.host_id), event.pk, going.id)
        assert told("EventAttended") == [{"event": event.pk, "line": LINE, "member": going.id}]

    def test_nobody_else_does(self, event, going, clock):
        clock(event.starts_at)
        others = [
            staff(Role.REGION_MANAGER, region("HN")).actor,
            staff(Role.AUDITOR).actor,
            going,
        ]
        for actor in others:
            with pytest.raises(refusals.UnknownEvent):
                actions.check_in(actor, event.pk, going.id)

    def test_only_those_who_have_a_place(self, event, clock):
        clock(event.starts_at)
        with pytest.raises(refusals.NoPlace):
            actions.check_in(SYSTEM, event.pk, guest().id)

    def test_only_around_the_time_of_the_event(self, event, going, clock):
        for moment in (
            event.starts_at - timedelta(hours=3, seconds=1),
            event.ends_at + timedelta(hours=6, seconds=1),
        ):
            clock(moment)
            with pytest.raises(refusals.DoorsClosed):
                actions.check_in(SYSTEM, event.pk, going.id)

    def test_who_came_cannot_give_the_place_back(self, event, going, clock):
        clock(event.starts_at)
        actions.check_in(SYSTEM, event.pk, going.id)
        with pytest.raises(refusals.CameAlready):
            actions.give_back(going, event.pk)

    def test_a_ticket_opens_its_own_place_until_the_doors_close(self, event, going, clock):
        mine = SignUp.objects.get(member=going.id)
        token = queries.ticket(mine)
        assert queries.read_ticket(token) == mine
        with pytest.raises(LinkInvalid):
            queries.read_ticket(token[:-2])
        clock(event.ends_at + timedelta(hours=6, seconds=1))
        with pytest.raises(LinkExpired):
            queries.read_ticket(token)


def test_statistics_say_who_signed_up_and_who_came_by_line_and_by_city(plan, clock):
    event = plan(places=3)
    people = [guest(), guest(), guest("苏州"), guest()]
    for actor, line in zip(people, (1, 1, 2, 2), strict=True):
        actions.sign_up(actor, event.pk, line=line)
    clock(event.starts_at)
    actions.check_in(SYSTEM, event.pk, people[0].id)
    assert queries.counts([event.pk]) == {event.pk: Counts(3, 1, 1)}
    assert queries.counts_by_line(event.pk) == [(1, Counts(2, 0, 1)), (2, Counts(1, 1, 0))]
    by_city = queries.counts_by_city(event.pk)
    assert by_city == [("杭州", Counts(2, 1, 1)), ("苏州", Counts(1, 0, 0))]


def test_events_of_another_region_do_not_exist_for_a_manager(plan):
    event = plan()
    assert queries.events(staff(Role.REGION_MANAGER, region("HN")).actor).count() == 0
    assert queries.events(staff(Role.AUDITOR).actor).get() == event
    assert list(queries.sign_ups(guest(), event.pk)) == []
