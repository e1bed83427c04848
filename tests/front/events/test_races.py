"""A crowd at one event: as many get in as there are places, and no place is lost."""

from functools import partial

import pytest

from loop28.front.events import actions, queries
from loop28.front.events.models import Event, SignUp, SignUpState
from loop28.front.events.queries import Counts
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.members.actions import NewMember
from tests.factories import city
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
CROWD, PLACES = 50, 10


def crowd(number):
    home = city("杭州").pk
    people = [
        NewMember(name=f"新人{n}", adult=True, consent=True, city_id=home) for n in range(number)
    ]
    return [Actor(Role.MEMBER, pk) for pk in members.register_many(SYSTEM, people)]


def signing_up(actors, event):
    return [partial(actions.sign_up, actor, event.pk, line=1) for actor in actors]


def counted(event):
    return queries.counts([event.pk])[event.pk]


def test_fifty_people_and_ten_places(plan):
    event = plan(places=PLACES)
    answers = together(*signing_up(crowd(CROWD), event))
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert counted(event) == Counts(PLACES, CROWD - PLACES, 0)
    assert Event.objects.get().taken == PLACES


def test_one_person_who_taps_ten_times_has_one_place(plan):
    event = plan(places=PLACES)
    (actor,) = crowd(1)
    together(*signing_up([actor] * 10, event))
    assert (Event.objects.get().taken, SignUp.objects.count()) == (1, 1)
    assert Entry.objects.filter(kind="EventSignedUp").count() == 1


def test_a_place_given_back_while_others_sign_up_is_never_lost(plan):
    event = plan(places=5)
    people = crowd(20)
    for actor in people[:5]:
        actions.sign_up(actor, event.pk, line=1)
    back = [partial(actions.give_back, actor, event.pk) for actor in people[:5]]
    together(*back, *signing_up(people[5:], event))
    assert counted(event) == Counts(5, 10, 0)
    assert Event.objects.get().taken == 5


def test_a_person_checked_in_by_two_at_once_came_once(plan, clock):
    event = plan()
    (actor,) = crowd(1)
    actions.sign_up(actor, event.pk, line=1)
    clock(event.starts_at)
    came = together(*[partial(actions.check_in, SYSTEM, event.pk, actor.id)] * 5)
    assert sorted(came) == [False] * 4 + [True]


def test_a_place_is_given_back_or_used_and_never_both(plan, clock):
    event = plan()
    (actor,) = crowd(1)
    actions.sign_up(actor, event.pk, line=1)
    clock(event.starts_at)
    together(
        partial(actions.check_in, SYSTEM, event.pk, actor.id),
        partial(actions.give_back, actor, event.pk),
    )
    guest = SignUp.objects.get()
    assert (guest.state == SignUpState.GOING) == (guest.came_at is not None)
    assert Event.objects.get().taken == (guest.came_at is not None)
