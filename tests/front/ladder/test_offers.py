"""The next line is offered, accepted or declined, opened in one step, or lapses; each once."""

from datetime import timedelta

import pytest

from loop28.front.ladder import actions, hosting, offers, queries, refusals, replacing
from loop28.front.ladder.models import Offer, OfferState
from loop28.front.lines.models import Line
from loop28.front.lines.refusals import StartsInThePast
from loop28.front.playbooks import actions as playbooks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from loop28.middle.members import merging
from tests.factories import staff
from tests.line_kit import SMALL, START, live_until, local, open_line, people, region
from tests.races import together

pytestmark = pytest.mark.django_db
DAY = local(10, 12).date()


@pytest.fixture(autouse=True)
def move(at):
    return at


def appointed():
    (member,) = people(1, "店主")
    actions.appoint(SYSTEM, member, "owner", "first")
    return member


@pytest.fixture
def host():
    return appointed()


def as_member(member):
    return Actor(Role.MEMBER, member)


def offered(host, actor=SYSTEM, **changes):
    wish = {
        "host": host,
        "region": region().pk,
        "playbook": playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        "start_day": DAY,
        "size": 20,
        "budget_fen": 100_000,
        "answer_by": local(4, 0),
    }
    return offers.offer(actor, **wish | changes)


def told(kind):
    return [entry.data for entry in Entry.objects.filter(kind=kind)]


class TestOffering:
    def test_reaches_the_hosts_phone_and_is_told(self, host):
        offer = offered(host)
        assert queries.open_offers(as_member(host)) == [offer]
        assert told("LineOffered") == [
            {"member": host, "offer": offer.pk, "region": offer.region_id}
        ]

    def test_stands_once_for_a_host_and_day(self, host):
        first = offered(host)
        with pytest.raises(refusals.AlreadyOffered):
            offered(host)
        offers.decline(as_member(host), first.pk, "探亲")
        assert offered(host).attempt == 2

    def test_is_for_the_managers_of_the_region_and_their_pool(self, host):
        manager = staff(Role.REGION_MANAGER, region("HD")).actor
        mine = people(1)[0]
        actions.appoint(manager, mine, "owner", "mine")
        assert offered(mine, manager).offered_by_id == manager.id
        elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
        for actor, why in ((staff(Role.FINANCE).actor, NotAllowed), (elsewhere, NotAllowed)):
            with pytest.raises(why):
                offered(host, actor)
        with pytest.raises(refusals.NotInPool):
            offered(mine, elsewhere, region=region("HN").pk)
        with pytest.raises(refusals.NotInPool):
            offered(people(1)[0])

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"start_day": START - timedelta(days=2)}, StartsInThePast),
            ({"answer_by": local(0, 12)}, refusals.AnswerDay),  # this very moment
            ({"answer_by": local(10, 0, 1)}, refusals.AnswerDay),
        ],
    )
    def test_leaves_time_to_answer(self, host, change, why):
        with pytest.raises(why):
            offered(host, **change)
        assert offered(host, answer_by=local(10, 0))

    def test_asks_whether_the_host_may(self, host):
        line = open_line()
        Line.objects.filter(pk=line.pk).update(host=host, days=28)
        with pytest.raises(refusals.HostRunsEnough):
            offered(host)

    def test_follows_a_record_that_is_merged_into_another(self, host):
        kept = people(1)[0]
        offer = offered(host)
        merging.merge(SYSTEM, kept, host)
        assert queries.open_offers(as_member(kept)) == [offer]
        assert offers.accept(as_member(kept), offer.pk).state == OfferState.ACCEPTED


class TestAnswering:
    def test_accepts_once_whatever_is_tapped(self, host):
        offer = offered(host)
        for _ in range(2):
            assert offers.accept(as_member(host), offer.pk).state == OfferState.ACCEPTED
        assert [fact["state"] for fact in told("OfferAnswered")] == ["accepted"]
        with pytest.raises(refusals.OfferOver):
            offers.decline(as_member(host), offer.pk, "doch nicht")

    def test_declines_with_a_reason(self, host):
        offer = offered(host)
        with pytest.raises(TextMissing):
            offers.decline(as_member(host), offer.pk, " ")
        assert offers.decline(as_member(host), offer.pk, "秋收").reason == "秋收"
        assert queries.open_offers(as_member(host)) == []

    def test_is_the_hosts_alone(self, host):
        offer = offered(host)
        (stranger,) = people(1)
        for verb in (offers.accept, lambda a, o: offers.decline(a, o, "x")):
            with pytest.raises(Offer.DoesNotExist):
                verb(as_member(stranger), offer.pk)
            with pytest.raises(NotAllowed):
                verb(staff().actor, offer.pk)

    def test_ends_with_the_deadline_even_before_the_worker_looks(self, host, move):
        offer = offered(host)
        move(local(4, 0) + timedelta(seconds=1))
        with pytest.raises(refusals.OfferOver):
            offers.accept(as_member(host), offer.pk)

    def test_may_not_take_two_lines_that_meet(self, host):
        one = offered(host)
        other = offered(host, start_day=DAY + timedelta(days=2))
        offers.accept(as_member(host), one.pk)
        with pytest.raises(refusals.HostRunsEnough):
            offers.accept(as_member(host), other.pk)


class TestOpening:
    def test_opens_what_was_accepted_in_one_step_and_once(self, host):
        offer = offered(host)
        with pytest.raises(refusals.OfferNotAccepted):
            offers.open_accepted(SYSTEM, offer.pk)
        offers.accept(as_member(host), offer.pk)
        line = offers.open_accepted(SYSTEM, offer.pk)
        assert offers.open_accepted(SYSTEM, offer.pk) == line
        assert (line.host_id, line.start_day, line.size) == (host, DAY, 20)
        assert Line.objects.count() == 1

    def test_a_line_opened_by_the_form_fulfils_the_offer(self, host):
        offer = offered(host)
        offers.accept(as_member(host), offer.pk)
        line = hosting.open_line(
            SYSTEM,
            region=offer.region_id,
            playbook=offer.playbook_id,
            start_day=DAY,
            host=host,
            size=10,
            budget_fen=1,
        )
        offer.refresh_from_db()
        assert offer.line == line

    def test_a_promise_to_one_region_is_not_kept_by_a_line_of_another(self, host):
        actions.appoint(SYSTEM, host, "supervisor", "带得动三条线")
        offer = offered(host)
        offers.accept(as_member(host), offer.pk)
        elsewhere = {
            "playbook": offer.playbook_id,
            "host": host,
            "size": 10,
            "budget_fen": 1,
            "region": region("HN").pk,
        }
        with pytest.raises(refusals.PromisedThatDay):
            hosting.open_line(SYSTEM, start_day=DAY, **elsewhere)
        assert hosting.open_line(SYSTEM, start_day=DAY + timedelta(days=1), **elsewhere)
        assert offers.open_accepted(SYSTEM, offer.pk).region_id == offer.region_id

    def test_nor_by_a_line_that_is_taken_over(self, host):
        actions.appoint(SYSTEM, host, "supervisor", "带得动三条线")
        line = open_line()
        offer = offered(host, start_day=line.start_day, answer_by=local(1, 0))
        offers.accept(as_member(host), offer.pk)
        with pytest.raises(refusals.PromisedThatDay):
            replacing.replace_host(SYSTEM, line.pk, host, "病了")
        offers.withdraw(SYSTEM, offer.pk, "由你接手另一条")
        replacing.replace_host(SYSTEM, line.pk, host, "病了")


class TestEnding:
    def test_lapses_when_nobody_answers(self, host):
        offer = offered(host)
        live_until(local(3, 23, 59))
        assert Offer.objects.get().state == OfferState.OPEN
        live_until(local(4, 0, 1))
        assert Offer.objects.get().state == OfferState.LAPSED
        assert told("OfferLapsed") == [{"member": host, "offer": offer.pk}]
        assert offers.lapse(SYSTEM) == 0

    def test_is_withdrawn_with_a_reason_until_the_line_is_open(self, host):
        offer = offered(host)
        offers.accept(as_member(host), offer.pk)
        offers.withdraw(SYSTEM, offer.pk, "另有安排")
        with pytest.raises(refusals.OfferNotAccepted):
            offers.open_accepted(SYSTEM, offer.pk)
        again = offered(host)
        offers.accept(as_member(host), again.pk)
        offers.open_accepted(SYSTEM, again.pk)
        with pytest.raises(refusals.OfferOver):
            offers.withdraw(SYSTEM, again.pk, "太晚了")

    def test_is_nobodys_business_in_another_region(self, host):
        offer = offered(host)
        elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
        with pytest.raises(Offer.DoesNotExist):
            offers.withdraw(elsewhere, offer.pk, "x")
        with pytest.raises(Offer.DoesNotExist):
            offers.open_accepted(elsewhere, offer.pk)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_many_offers_of_one_day_are_one(self, host):
        offered(appointed())  # now the playbook and region are there
        came = together(*(lambda: offered(host) for _ in range(4)))
        assert sum(isinstance(one, Offer) for one in came) == 1
        assert sum(isinstance(one, refusals.AlreadyOffered) for one in came) == 3

    def test_accepting_and_withdrawing_have_one_outcome(self, host):
        offer = offered(host)
        together(
            lambda: offers.accept(as_member(host), offer.pk),
            lambda: offers.decline(as_member(host), offer.pk, "不行"),
            lambda: offers.accept(as_member(host), offer.pk),
        )
        assert len(told("OfferAnswered")) == 1

    def test_many_taps_open_one_line(self, host):
        offer = offered(host)
        offers.accept(as_member(host), offer.pk)
        lines = together(*(lambda: offers.open_accepted(SYSTEM, offer.pk) for _ in range(4)))
        assert {line.pk for line in lines} == {Line.objects.get().pk}
