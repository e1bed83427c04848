"""Who sees a decision about their level otherwise says so once, and a second person answers."""

from datetime import timedelta

import pytest

from loop28.front.groups.models import Notice
from loop28.front.ladder import actions, appeals, demoting, queries, refusals
from loop28.front.ladder.models import Appeal, Promotion
from loop28.front.ladder.rules import APPEAL_DAYS
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from loop28.middle.members import merging
from tests.factories import staff
from tests.front.ladder.test_demotions import become_owner, level
from tests.front.tasks.kit import open_line, own, passing
from tests.line_kit import live_until, local, people, region
from tests.races import together

pytestmark = pytest.mark.django_db
OVER = local(5, 21)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


@pytest.fixture
def manager(line):
    return staff(Role.REGION_MANAGER, line.region).actor


@pytest.fixture
def member(line):
    """Somebody who finished the line and was not promoted."""
    (found,) = passing(line, 1)
    live_until(OVER)
    return found


@pytest.fixture
def proposal(line, member):
    return Promotion.objects.create(
        member_id=member,
        level="supervisor",
        line=line,
        numbers={"tasks": 5, "orders": 2, "needs": {"tasks": 5, "orders": 2}},
        state="proposed",
        proposed_at=clocks.now(),
    )


def can(member):
    return [one.kind for one in appeals.contestable(own(member))]


def say(member, text="我讲了两次课，请再看看"):
    return appeals.appeal(own(member), appeals.contestable(own(member))[0].decision, text)


class TestWhatCanBeAppealed:
    def test_a_line_that_did_not_promote(self, line, member, manager):
        assert can(member) == ["line"]
        made = say(member)
        assert (made.level, made.line_id, made.promotion_id) == ("owner", line.pk, None)
        assert made.numbers == {"tasks": 0, "orders": 0, "needs": {"tasks": 3, "orders": 1}}
        assert list(queries.appeals(manager)) == [made]
        assert Entry.objects.get(kind="AppealMade").member == member

    def test_a_proposal_that_was_declined(self, member, proposal, manager):
        actions.decide(manager, proposal.pk, False, "还早")
        assert can(member) == ["declined", "line"]
        assert "还早" in Notice.objects.get(member=member).text
        assert say(member).promotion_id == proposal.pk

    def test_a_level_that_was_taken_back(self, line, manager):
        (member,) = passing(line, 1)
        become_owner(line, member)
        assert can(member) == []
        demoting.demote(manager, Promotion.objects.get().pk, "两单是自己买的")
        assert can(member) == ["demoted"]
        assert say(member).first_decider == manager.id

    def test_each_decision_once_and_not_for_ever(self, member, move):
        decision = appeals.contestable(own(member))[0].decision
        first = say(member)
        assert appeals.appeal(own(member), decision, "又想了想") == first
        assert can(member) == []
        Appeal.objects.all().delete()
        move(clocks.now() + timedelta(days=APPEAL_DAYS))
        assert can(member) == ["line"]
        move(clocks.now() + timedelta(seconds=1))
        with pytest.raises(refusals.NothingToAppeal):
            appeals.appeal(own(member), decision, "太晚了")

    def test_once_whatever_number_they_had_then(self, member):
        say(member)
        (kept,) = people(1)
        merging.merge(SYSTEM, kept, member)
        assert (can(kept), Appeal.objects.get().member_id) == ([], kept)

    def test_not_what_somebody_has_or_is_proposed_for(self, line, member, proposal):
        Promotion.objects.create(
            member_id=member,
            level="owner",
            line=line,
            state="granted",
            proposed_at=OVER,
            decided_at=OVER,
        )
        assert can(member) == []

    def test_nobody_else_s_and_nothing_made_up(self, member):
        decision = appeals.contestable(own(member))[0].decision
        other = people(1)[0]
        for text in (decision, "line:1:1:king", ""):
            with pytest.raises(refusals.NothingToAppeal):
                appeals.appeal(own(other), text, "我也要")
        with pytest.raises(NotAllowed):
            appeals.appeal(staff().actor, decision, "替他说")

    def test_not_without_words(self, member):
        for text, refusal in (("", TextMissing), ("长" * 501, TextTooLong)):
            with pytest.raises(refusal):
                say(member, text)
        assert not Appeal.objects.exists()


class TestTheAnswer:
    def test_is_given_by_another_person_than_the_first(self, member, proposal, manager):
        actions.decide(manager, proposal.pk, False, "还早")
        made = say(member)
        with pytest.raises(refusals.OtherPersonDecides):
            appeals.answer(manager, made.pk, True, "我再想想")
        boss = staff().actor
        appeals.answer(boss, made.pk, True, "数字都够")
        assert level(member) == "supervisor"
        new, old = queries.of_member(SYSTEM, member).filter(level="supervisor")
        assert (new.state, new.attempt, new.decided_by_id) == ("granted", 2, boss.id)
        assert (new.numbers, new.reason) == (made.numbers, "数字都够")
        assert (old.state, old.reason) == ("declined", "还早")
        assert Entry.objects.get(kind="AppealAnswered").data["upheld"] is True

    def test_of_no_changes_nothing_and_is_told(self, member, manager):
        made = say(member)
        appeals.answer(manager, made.pk, False, "还差一单")
        assert level(member) is None
        made.refresh_from_db()
        assert (made.state, made.answer, made.decided_by_id) == ("rejected", "还差一单", manager.id)
        assert "还差一单" in Notice.objects.get(member=member).text
        assert can(member) == []

    def test_gives_back_what_was_taken(self, line, manager):
        (member,) = passing(line, 1)
        become_owner(line, member)
        demoting.demote(manager, Promotion.objects.get().pk, "两单是自己买的")
        appeals.answer(staff().actor, say(member).pk, True, "两单是妹妹买的")
        assert level(member) == "owner"
        assert queries.made_by_line([line.pk]) == {line.pk: {"owner": 1}}

    def test_needs_a_reason_and_comes_once(self, member, manager):
        made = say(member)
        with pytest.raises(TextMissing):
            appeals.answer(manager, made.pk, True, " ")
        appeals.answer(manager, made.pk, False, "还差一单")
        assert appeals.answer(staff().actor, made.pk, False, "又一次").answer == "还差一单"
        with pytest.raises(refusals.AlreadyDecided):
            appeals.answer(staff().actor, made.pk, True, "反悔")

    def test_waits_for_a_proposal_that_came_meanwhile(self, line, member, proposal, manager):
        Promotion.objects.filter(pk=proposal.pk).update(
            level="owner", state="declined", decided_at=clocks.now(), reason="还早"
        )
        made = say(member)
        Promotion.objects.filter(pk=proposal.pk).update(state="proposed", decided_at=None)
        with pytest.raises(refusals.StepWaits):
            appeals.answer(manager, made.pk, True, "够了")
        made.refresh_from_db()
        assert made.state == "open"

    def test_outsiders_neither_see_nor_answer(self, member):
        made = say(member)
        elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
        assert not queries.appeals(elsewhere).exists()
        assert not queries.appeals(own(people(1)[0])).exists()
        assert list(queries.appeals(own(member))) == [made]
        with pytest.raises(Appeal.DoesNotExist):
            appeals.answer(elsewhere, made.pk, True, "不归我")
        for actor in (Actor(Role.FINANCE, 1), Actor(Role.AUDITOR, 1), own(member)):
            with pytest.raises(NotAllowed):
                appeals.answer(actor, made.pk, True, "不归我")


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_the_same_appeal_from_two_phones_is_one(self, member):
        decision = appeals.contestable(own(member))[0].decision
        together(*(lambda: appeals.appeal(own(member), decision, "再看看") for _ in range(4)))
        assert Appeal.objects.count() == 1
        assert Entry.objects.filter(kind="AppealMade").count() == 1

    def test_of_two_who_answer_at_once_one_is_heard(self, member):
        made = say(member)
        one, other = staff().actor, staff().actor
        answers = together(
            lambda: appeals.answer(one, made.pk, True, "够了"),
            lambda: appeals.answer(other, made.pk, False, "不够"),
        )
        assert sum(isinstance(answer, Exception) for answer in answers) == 1
        assert Entry.objects.filter(kind="AppealAnswered").count() == 1
        made.refresh_from_db()
        assert (level(member) == "owner") is (made.state == "upheld")
