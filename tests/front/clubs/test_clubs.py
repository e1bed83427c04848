"""A member's own group: who counts in it, for how long, and who may do what there."""

import pytest

from loop28.front.clubs import actions, queries, refusals, rules
from loop28.front.clubs.models import Club, Guest
from loop28.front.groups import actions as groups
from loop28.front.groups import moderation, words
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import GroupKind
from loop28.front.groups.refusals import HostIsExempt, WordBlocked
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.referrals import sharing
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.refusals import NotByHand
from loop28.kernel.access import SYSTEM
from loop28.middle.members import actions as members
from loop28.middle.members import merging
from loop28.middle.members.refusals import ConsentMissing
from tests.front.clubs.kit import building_line, come, guests, learning, opened, stand, taught
from tests.front.tasks.kit import assignment, own
from tests.line_kit import group, invitation, local, people, seated
from tests.races import together

pytestmark = pytest.mark.django_db
BUILD, TEACH = "post-moment", "own-words"


class TestOpening:
    def test_again_is_the_same_group_with_its_owner_in_it(self, club, line, owner):
        assert opened(line, owner, "别的名字") == club
        assert group_queries.inside(club.group_id) == [owner]
        assert (club.group.host_id, club.group.kind) == (owner, GroupKind.OWN)

    def test_is_for_who_passed_in_a_line_that_goes_on(self, line, owner):
        with pytest.raises(refusals.NoClubYet):
            opened(line, people(1)[0])
        Line.objects.filter(pk=line.pk).update(ended_at=local(5, 8))
        with pytest.raises(refusals.NoClubYet):
            opened(line, owner)

    def test_its_name_holds_no_blocked_word_of_newcomers_groups(self, line, owner):
        words.set_rules(SYSTEM, GroupKind.NEWCOMER, ["押金"], links_blocked=False)
        with pytest.raises(WordBlocked):
            opened(line, owner, "不收押金")
        words.set_rules(SYSTEM, GroupKind.OWN, ["加盟"], links_blocked=False)
        assert opened(line, owner, "不收押金")

    @pytest.mark.django_db(transaction=True)
    def test_of_two_taps_in_one_instant_one_opens_it(self, line, owner):
        answers = together(*[lambda: opened(line, owner)] * 2)
        assert Club.objects.count() == 1
        assert Club.objects.get() in answers


class TestCounting:
    def test_people_count_when_they_come_and_no_longer_when_they_leave(self, club):
        first, *_others = guests(club, 3)
        assert stand(club, BUILD) == (3, True)
        actions.leave(own(first), club.group_id)
        assert stand(club, BUILD) == (2, False)

    def test_each_person_counts_once_however_often_they_come_and_go(self, club):
        (guest,) = guests(club, 1)
        for _time in range(3):
            actions.leave(own(guest), club.group_id)
            come(club, guest)
            come(club, guest)
        assert stand(club, BUILD) == (1, False)
        assert Guest.objects.get(club=club).stay == 4

    def test_the_owner_and_people_of_the_company_do_not_count(self, club, owner):
        colleague, guest = people(2)
        come(club, owner, colleague, guest, staff=(colleague,))
        actions.leave(own(colleague), club.group_id)
        assert stand(club, BUILD) == (1, False)

    def test_fellows_of_the_line_do_not_fill_each_others_groups(self, club, line):
        fellow, gone = seated(line, 2)
        lines.leave(SYSTEM, line.pk, gone)
        (neighbour,) = people(1)
        come(club, fellow, gone, neighbour)
        lesson = taught(club)
        for member in (fellow, gone, neighbour):
            actions.answer(own(member), lesson.pk, 1)
        assert (stand(club, BUILD), stand(club, TEACH)) == ((1, False), (1, False))

    def test_who_was_won_and_joins_the_line_later_goes_on_counting(self, club, line):
        (guest,) = guests(club, 1)
        lines.join(SYSTEM, invitation(line), [guest])
        assert stand(club, BUILD) == (1, False)

    def test_who_is_removed_counts_no_longer_and_does_not_come_back_by_the_link(self, club, owner):
        (guest,) = guests(club, 1)
        moderation.remove(own(owner), club.group_id, guest, "发广告")
        assert stand(club, BUILD) == (0, False)
        with pytest.raises(refusals.NotLetIn):
            come(club, guest)
        moderation.let_back(own(owner), club.group_id, guest, "说清楚了")
        come(club, guest)
        assert stand(club, BUILD) == (1, False)

    def test_who_takes_consent_back_leaves_and_comes_in_only_with_a_new_one(self, club):
        (guest,) = guests(club, 1)
        members.withdraw_consent(own(guest), guest)
        assert stand(club, BUILD) == (0, False)
        with pytest.raises(ConsentMissing):
            come(club, guest)

    def test_what_was_built_when_the_line_ended_stays_built(self, club):
        first, *_others = guests(club, 3)
        Line.objects.filter(pk=club.line_id).update(ended_at=local(5, 8))
        actions.leave(own(first), club.group_id)
        assert stand(club, BUILD) == (3, True)

    def test_other_peoples_groups_move_nothing(self, club, line):
        groups.join(SYSTEM, club.group_id, people(1))  # by no invitation
        groups.join(SYSTEM, group(line, 2), people(1))
        assert stand(club, BUILD) == (0, False)

    def test_two_records_of_one_person_count_once(self, club):
        one, other = guests(club, 2)
        merging.merge(SYSTEM, one, other)
        assert stand(club, BUILD) == (1, False)
        actions.leave(own(one), club.group_id)
        assert stand(club, BUILD) == (0, False)

    def test_somebody_who_turns_out_to_be_the_owner_does_not_count(self, club, owner):
        (other,) = guests(club, 1)
        merging.merge(SYSTEM, owner, other)
        assert stand(club, BUILD) == (0, False)

    def test_when_both_records_had_a_group_each_link_leads_into_its_own(self, club, owner, line):
        other = learning(line)
        theirs = opened(line, other, "阳台种菜")
        links = [
            sharing.share(own(one.owner_id), line.pk, "group", str(one.pk))
            for one in (club, theirs)
        ]
        merging.merge(SYSTEM, owner, other)
        again = [sharing.share(own(owner), line.pk, "group", str(one.pk)) for one in (club, theirs)]
        assert again == links
        assert [sharing.club(link) for link in again] == [club, theirs]

    def test_nobody_ticks_what_counts_by_itself_but_what_was_given_before(self, club, owner):
        row = assignment(club.line, owner, BUILD)
        host = own(club.line.host_id)
        with pytest.raises(NotByHand):
            tasks.tick(host, [row.pk])
        Assignment.objects.filter(pk=row.pk).update(fact="", mode="")
        assert tasks.tick(host, [row.pk]) == [True]

    @pytest.mark.django_db(transaction=True)
    def test_the_last_seat_is_one_persons(self, club, monkeypatch):
        monkeypatch.setattr(rules, "MOST", 2)
        one, other = people(2)
        answers = together(lambda: come(club, one), lambda: come(club, other))
        assert sorted(type(answer).__name__ for answer in answers) == ["ClubFull", "NoneType"]
        assert group_queries.head_counts([club.group_id]) == {club.group_id: 2}


class TestLookingAfterIt:
    def test_the_owner_moderates_as_a_host_and_no_more(self, club, owner):
        (guest,) = guests(club, 1)
        moderation.mute(own(owner), club.group_id, guest, 1, "刷屏")
        with pytest.raises(HostIsExempt):
            moderation.remove(own(owner), club.group_id, owner, "我走了")
        with pytest.raises(club.group.DoesNotExist):
            moderation.mute(own(people(1)[0]), club.group_id, guest, 1, "刷屏")

    def test_blocked_words_hold_for_the_owner_too(self, club, owner):
        words.set_rules(SYSTEM, GroupKind.NEWCOMER, ["押金"], links_blocked=False)
        for writer in (owner, *guests(club, 1)):
            with pytest.raises(WordBlocked):
                words.check(own(writer), club.group_id, "先交押金")

    def test_a_guest_leaves_and_the_owner_stays(self, club, owner):
        with pytest.raises(refusals.OwnerStays):
            actions.leave(own(owner), club.group_id)


class TestTeaching:
    def test_a_lesson_is_posted_once_and_only_after_it_was_told(self, club):
        assert taught(club) == taught(club)
        groups.deliver(SYSTEM)
        (message,) = group_queries.messages(SYSTEM, club.group_id)
        assert (message.kind, message.as_host, message.ref) == ("talk", True, taught(club).pk)
        with pytest.raises(refusals.NoSuchLesson):
            taught(club, "d9-talk")

    def test_the_task_is_done_when_enough_different_people_answered(self, club):
        lesson, (one, other) = taught(club), guests(club, 2)
        for choice in (1, 2):
            assert actions.answer(own(one), lesson.pk, choice).choice == 1
        assert stand(club, TEACH) == (1, False)
        actions.answer(own(other), lesson.pk, 3)
        assert stand(club, TEACH) == (2, True)
        assert queries.chosen(lesson.pk) == {1: 1, 3: 1}

    def test_the_owner_asks_and_people_of_the_company_do_not_count(self, club, owner):
        lesson, (colleague,) = taught(club), people(1)
        come(club, colleague, staff=(colleague,))
        actions.answer(own(colleague), lesson.pk, 1)
        with pytest.raises(refusals.OwnLesson):
            actions.answer(own(owner), lesson.pk, 1)
        assert stand(club, TEACH) == (0, False)

    def test_who_is_not_in_the_group_neither_reads_nor_answers(self, club):
        lesson, (gone,) = taught(club), guests(club, 1)
        actions.leave(own(gone), club.group_id)
        with pytest.raises(lesson.DoesNotExist):
            actions.answer(own(gone), lesson.pk, 1)

    @pytest.mark.parametrize("choice", [0, -1, 99])
    def test_an_answer_is_one_of_the_choices(self, club, choice):
        lesson, (guest,) = taught(club), guests(club, 1)
        with pytest.raises(refusals.NoSuchChoice):
            actions.answer(own(guest), lesson.pk, choice)


@pytest.mark.django_db(transaction=True)
def test_two_answers_of_one_person_in_one_instant_are_one(at):
    line = building_line()
    club = opened(line, learning(line))
    lesson, (guest,) = taught(club), guests(club, 1)
    together(*[lambda: actions.answer(own(guest), lesson.pk, 1)] * 2)
    assert stand(club, TEACH) == (1, False)
