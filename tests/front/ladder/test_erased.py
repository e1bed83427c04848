"""Who was erased hosts nothing, is given nothing and waits for nobody; what they were stays."""

from datetime import timedelta

import pytest

from loop28.front.ladder import actions, appeals, demoting, hosting, offers, pool, queries, refusals
from loop28.front.ladder.models import Offer, Promotion
from loop28.front.playbooks import actions as playbooks
from loop28.front.privacy import actions as privacy
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from tests.factories import staff
from tests.front.ladder.kit import does, level, sells
from tests.front.tasks.kit import open_line, own, passing, refund, report, sale
from tests.line_kit import SMALL, live_until, local, people, region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def boss():
    return staff().actor


@pytest.fixture
def host():
    (found,) = people(1, "店主")
    actions.appoint(SYSTEM, found, "owner", "首批店主")
    return found


def wish(host):
    return {
        "region": region("HN").pk,
        "playbook": playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        "start_day": local(10, 12).date(),
        "host": host,
        "size": 20,
        "budget_fen": 100_000,
    }


def test_they_are_in_no_pool_and_open_no_line(boss, host):
    privacy.erase_now(boss, host, "written")
    assert (pool.host(boss, host), pool.hosts(boss)) == (None, [])
    with pytest.raises(refusals.TrainingFirst):
        hosting.open_line(boss, **wish(host))
    assert level(host) == ["owner"]


def test_what_they_were_offered_is_withdrawn(boss, host):
    offers.offer(boss, answer_by=clocks.now() + timedelta(days=2), **wish(host))
    privacy.erase_now(boss, host, "written")
    assert Offer.objects.get().state == "withdrawn"


def test_nobody_appoints_them(boss, host):
    privacy.erase_now(boss, host, "written")
    with pytest.raises(refusals.NoSuchMember):
        actions.appoint(boss, host, "supervisor", "带得好")


def test_neither_a_proposal_nor_a_doubt_nor_an_appeal_waits_for_a_decision(boss):
    line = open_line()
    up, down, contests = passing(line, 3)
    does(line, [up, down, contests], 3)
    live_until(local(4, 9))
    does(line, [up], 2)
    sells(up, number=2)
    one = sale(down)
    report(one)
    refund(one)
    sells(contests)
    demoting.demote(boss, Promotion.objects.get(member=contests).pk, "自己买的")
    appeals.appeal(own(contests), appeals.contestable(own(contests))[0].decision, "不是")
    assert queries.proposals(boss).count() == queries.proposed_demotions(boss).count() == 1
    privacy.erase(SYSTEM, [up, down, contests])
    assert not queries.proposals(boss).exists()
    assert not queries.proposed_demotions(boss).exists()
    assert not queries.appeals(boss).filter(state="open").exists()
    assert level(up, down, contests) == ["owner", "owner", None]


def test_what_comes_back_later_is_no_doubt_about_them(boss):
    line = open_line()
    (member,) = passing(line, 1)
    does(line, [member], 3)
    one = sale(member)
    report(one)
    privacy.erase(SYSTEM, [member])
    refund(one)
    assert not queries.proposed_demotions(boss).exists()
