from datetime import timedelta

import pytest

from loop28.kernel import clock, links
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import RehearsalMark
from loop28.middle.members import actions, queries
from tests.factories import member

pytestmark = pytest.mark.django_db


def test_a_personal_link_names_its_member() -> None:
    me = member()
    assert queries.read_link(queries.link_token(me.pk)) == (me.pk, 1)


def test_ending_the_links_ends_all_that_are_out_and_new_ones_work() -> None:
    me, other = member(), member()
    mine, others = queries.link_token(me.pk), queries.link_token(other.pk)
    actions.end_links(Actor(Role.MEMBER, me.pk), me.pk)
    with pytest.raises(links.LinkExpired):
        queries.read_link(mine)
    assert queries.read_link(others) == (other.pk, 1)
    assert queries.read_link(queries.link_token(me.pk)) == (me.pk, 2)


def test_a_link_ends_after_sixty_days() -> None:
    token = queries.link_token(member().pk)
    RehearsalMark.objects.create()
    try:
        clock.move_to(clock.now() + timedelta(days=61))
        with pytest.raises(links.LinkExpired):
            queries.read_link(token)
    finally:
        clock.move_to(None)


def test_a_link_for_something_else_is_no_personal_link() -> None:
    later = clock.now() + timedelta(days=1)
    with pytest.raises(links.LinkInvalid):
        queries.read_link(links.sign("invitation", member().pk, 1, until=later))


@pytest.mark.parametrize("token", ["", "x", ":::", "a" * 10_000, "\ud800", "令牌", "\0", "e30:1:x"])
def test_a_made_up_link_is_refused(token: str) -> None:
    with pytest.raises(links.LinkInvalid):
        queries.read_link(token)


def test_there_is_no_link_for_nobody() -> None:
    with pytest.raises(ValueError, match="no member"):
        queries.link_token(10**6)
    assert queries.link_version(10**6) is None
    assert actions.end_links(SYSTEM, member().pk).link_version == 2
