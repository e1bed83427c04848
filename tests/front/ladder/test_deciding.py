"""Levels that a person gives: supervisors who were proposed, owners who are appointed."""

import pytest

from loop28.front.ladder import actions, pool, queries, refusals
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from tests.factories import staff
from tests.front.ladder.kit import OVER, does, level, sells
from tests.front.tasks.kit import open_line, own, passing
from tests.line_kit import live_until, local, people, region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


class TestDeciding:
    @pytest.fixture
    def member(self, line):
        (member,) = passing(line, 1)
        self.earn(line, member)
        return member

    @pytest.fixture
    def proposal(self, member):
        return queries.proposals(SYSTEM).get(member_id=member)

    def earn(self, line, member):
        does(line, [member], 3)
        live_until(local(4, 9))
        does(line, [member], 2)
        sells(member, number=2)
        live_until(OVER)

    def test_a_manager_of_the_region_approves(self, line, member, proposal):
        manager = staff(Role.REGION_MANAGER, line.region).actor
        actions.decide(manager, proposal.pk, True)
        assert level(member) == ["supervisor"]
        step = queries.of_member(SYSTEM, member).get(level="supervisor")
        assert (step.decided_by_id, step.decided_at) == (manager.id, clocks.now())
        assert not queries.proposals(manager).exists()

    def test_declining_needs_a_reason_and_may_be_proposed_by_another_line(
        self, line, member, proposal, move
    ):
        boss = staff().actor
        for reason, refusal in (
            ("", TextMissing),
            (" \u200b", TextMissing),
            ("长" * 201, TextTooLong),
        ):
            with pytest.raises(refusal):
                actions.decide(boss, proposal.pk, False, reason)
        actions.decide(boss, proposal.pk, False, "再带一条线看看")
        assert level(member) == ["owner"]
        actions.graduate(SYSTEM, line.pk)  # the same numbers have been looked at
        assert not queries.proposals(boss).exists()
        move(local(0, 12))
        other = open_line(code="HN")
        lines.join(SYSTEM, _invitation(other), [member])
        live_until(local(2, 20, 1))
        lines.let_in(SYSTEM, other.pk, [member])
        live_until(local(3, 8, 31))
        self.earn(other, member)
        again = queries.proposals(boss).get()
        assert (again.line_id, again.attempt) == (other.pk, 2)
        declined = queries.of_member(boss, member).get(id=proposal.pk)
        assert (declined.state, declined.reason) == ("declined", "再带一条线看看")

    def test_the_same_decision_again_changes_nothing_and_another_is_refused(self, proposal):
        boss = staff().actor
        first = actions.decide(boss, proposal.pk, True, "好")
        assert actions.decide(staff().actor, proposal.pk, True) == first
        with pytest.raises(refusals.AlreadyDecided):
            actions.decide(boss, proposal.pk, False, "反悔")
        assert Entry.objects.filter(kind="Promoted", data__level="supervisor").count() == 1

    def test_outsiders_neither_see_nor_decide(self, line, member, proposal):
        elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
        assert not queries.proposals(elsewhere).exists()
        with pytest.raises(Promotion.DoesNotExist):
            actions.decide(elsewhere, proposal.pk, True)
        for role in (Role.FINANCE, Role.MIDDLE, Role.AUDITOR):
            with pytest.raises(NotAllowed):
                actions.decide(Actor(role, 1), proposal.pk, True)
        for actor in (own(line.host_id), own(member), Actor(Role.MACHINE, 1)):
            with pytest.raises(NotAllowed):
                actions.decide(actor, proposal.pk, True)
            with pytest.raises(NotAllowed):
                queries.proposals(actor)

    def test_nobody_is_appointed_past_a_proposal(self, member, proposal):
        with pytest.raises(refusals.StepWaits):
            actions.appoint(staff().actor, member, "supervisor", "熟人")
        assert Promotion.objects.filter(level="supervisor").count() == 1


class TestAppointing:
    def test_gives_a_level_once_with_a_reason(self):
        boss, (member,) = staff().actor, people(1)
        first = actions.appoint(boss, member, "owner", "首批店主")
        assert actions.appoint(boss, member, "owner", "又一次") == first
        assert level(member) == ["owner"]
        assert (first.reason, first.decided_by_id, first.line_id) == ("首批店主", boss.id, None)
        actions.appoint(boss, member, "supervisor", "首批主管")
        assert level(member) == ["supervisor"]
        assert Entry.objects.filter(kind="Promoted").count() == 2

    def test_without_a_reason_a_level_or_a_member_is_refused(self):
        boss, (member,) = staff().actor, people(1)
        with pytest.raises(TextMissing):
            actions.appoint(boss, member, "owner", " ")
        with pytest.raises(refusals.NoSuchLevel):
            actions.appoint(boss, member, "king", "首批店主")
        with pytest.raises(refusals.NoSuchMember):
            actions.appoint(boss, 10**9, "owner", "首批店主")
        for actor in (Actor(Role.FINANCE, 1), own(member)):
            with pytest.raises(NotAllowed):
                actions.appoint(actor, member, "owner", "首批店主")
        assert not Promotion.objects.exists()

    def test_who_was_appointed_is_not_promoted_again_by_a_line(self, line):
        (member,) = passing(line, 1)
        actions.appoint(staff().actor, member, "owner", "首批店主")
        does(line, [member], 3)
        sells(member)
        assert Promotion.objects.get(member_id=member).line_id is None


class TestTheHostsPool:
    def test_holds_everybody_from_owner_up_with_their_highest_level(self, line):
        boss = staff().actor
        zhang, wang, _ = people(3)
        actions.appoint(boss, zhang, "owner", "首批店主")
        actions.appoint(boss, wang, "owner", "首批店主")
        actions.appoint(boss, wang, "supervisor", "首批主管")
        found = {host.member: (host.level, host.line) for host in pool.hosts(SYSTEM)}
        assert found == {zhang: ("owner", ""), wang: ("supervisor", "")}

    def test_shows_a_region_its_own_and_whom_the_headquarters_appointed(self, line):
        (made,) = passing(line, 1)
        does(line, [made], 3)
        sells(made)
        here = staff(Role.REGION_MANAGER, line.region).actor
        there = staff(Role.REGION_MANAGER, region("HN")).actor
        central, local_, foreign = people(3)
        actions.appoint(staff().actor, central, "owner", "首批店主")
        actions.appoint(here, local_, "owner", "首批店主")
        actions.appoint(there, foreign, "owner", "首批店主")
        assert {host.member for host in pool.hosts(here)} == {made, central, local_}
        assert {host.member for host in pool.hosts(there)} == {central, foreign}
        with pytest.raises(NotAllowed):
            pool.hosts(own(made))


def _invitation(line):
    return line.invitations.get(inviter=line.host_id).pk
