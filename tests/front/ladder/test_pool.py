"""The pool of hosts is searched in the database: one by number, some by words, the first of each
region.
"""

import pytest

from loop28.front.ladder import actions, pool
from loop28.kernel.access import SYSTEM, Role
from tests.factories import staff
from tests.line_kit import people, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def hosts(at):
    """Three of the headquarters, the second a supervisor since lately."""
    found = people(3, "王 店主")
    for number in found:
        actions.appoint(SYSTEM, number, "owner", "first")
    actions.appoint(SYSTEM, found[1], "supervisor", "first")
    return found


def test_one_member_as_a_host(hosts):
    found = pool.host(staff().actor, hosts[1])
    assert found is not None
    assert (found.member, found.level) == (hosts[1], "supervisor")
    assert pool.host(staff().actor, people(1)[0]) is None


def test_everybody_is_there_once_by_name(hosts):
    assert [host.member for host in pool.hosts(staff().actor)] == hosts


@pytest.mark.parametrize("words", ["王店主1", " 王 店主１ ", "主1"])
def test_found_by_words_whatever_their_width_and_spaces(hosts, words):
    found = pool.told(pool.find(staff().actor, words))
    assert [host.member for host in found] == [hosts[1]]


def test_the_first_of_each_region_are_those_who_have_been_hosts_for_longest(hosts):
    local = staff(Role.REGION_MANAGER, region("HD")).actor
    theirs = people(3, "杭州")
    for number in theirs:
        actions.appoint(local, number, "owner", "first")
    found = {host.member for host in pool.longest(staff().actor, 2, but=[hosts[0]])}
    assert found == {hosts[1], hosts[2], *theirs[:2]}
