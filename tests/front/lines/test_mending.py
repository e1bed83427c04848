"""A running line is mended: single beats are moved, changed, taken out and added, with a reason."""

from datetime import time

import pytest

from loop28.back.people.models import User
from loop28.front.groups.models import Message
from loop28.front.lines import beats, mending, queries, refusals, schedule
from loop28.front.lines.differences import differences
from loop28.front.lines.models import Beat, Line, Mend
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.timetable import timeline
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from tests.line_kit import START, ZONE, group, live_until, local, open_line, region
from tests.races import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at")]

WHY = "台风天，大家都在收摊"


def beat(line: Line, key: str) -> Beat:
    return Beat.objects.filter(line=line, key=key).order_by("part").first()


def said(line: Line, phase: int = 1) -> list[str]:
    rows = Message.objects.filter(group_id=group(line, phase)).order_by("id")
    return list(rows.values_list("text", flat=True))


class TestMoving:
    def test_a_beat_is_done_at_its_new_time_and_not_at_the_old_one(self, line, manager):
        post = beat(line, "d1-hello")
        mending.move_beat(manager, post.pk, 2, time(10, 15), WHY)
        live_until(local(1, 12))
        assert said(line) == []
        live_until(local(2, 10, 15))
        assert said(line)[-1] == post.payload["text"]
        post.refresh_from_db()
        assert (post.day, post.due_at, post.state) == (2, local(2, 10, 15), "done")

    def test_it_is_recorded_with_who_and_why_and_the_journal_keeps_no_words(self, line, manager):
        mending.move_beat(manager, beat(line, "d1-hello").pk, 1, time(9, 30), f"  {WHY} ")
        (mend,) = queries.mends(manager, line.pk)
        assert (mend.kind, mend.reason, mend.by) == ("moved", WHY, User.objects.get(id=manager.id))
        entry = Entry.objects.get(kind="BeatMoved")
        assert entry.data == {"line": line.pk, "beat": mend.beat_id, "mend": mend.pk}

    def test_a_talk_moves_as_a_whole(self, line, manager):
        mending.move_beat(manager, beat(line, "d1-talk").pk, 2, time(15, 0), WHY)
        parts = Beat.objects.filter(line=line, key="d1-talk").order_by("part")
        assert [b.due_at for b in parts] == [local(2, 15, 5 * n) for n in range(7)]
        assert {b.day for b in parts} == {2}

    @pytest.mark.parametrize(
        ("key", "day", "hour", "no"),
        [
            ("d1-hello", 3, time(9), refusals.OutsidePhase),
            ("d4-noon", 2, time(9), refusals.OutsidePhase),
            ("d1-hello", 2, time(23, 30), refusals.PastTheClose),
            ("d2-call", 2, time(21), refusals.PastTheClose),
            ("d2-close", 2, time(22), refusals.PastTheClose),
            ("d1-packet", 2, time(12, 30), refusals.SameMinute),
            ("d1-talk", 1, time(23, 45), refusals.PastMidnight),
            ("d5-tasks", 5, time(12, 1), refusals.PastLineEnd),
            ("d1-hello", 1, time(9), refusals.NothingChanged),
        ],
    )
    def test_what_a_playbook_could_not_say_is_refused(self, line, manager, key, day, hour, no):
        with pytest.raises(no) as refusal:
            mending.move_beat(manager, beat(line, key).pk, day, hour, WHY)
        assert refusal.value.field
        assert not Mend.objects.exists()

    def test_nothing_is_moved_into_the_past(self, line, manager):
        live_until(local(2, 10))
        with pytest.raises(refusals.PastTime):
            mending.move_beat(manager, beat(line, "d2-evening").pk, 2, time(9), WHY)

    @pytest.mark.parametrize("reason", ["", "  \u200b "])
    def test_no_reason_no_change(self, line, manager, reason):
        with pytest.raises(TextMissing) as no:
            mending.move_beat(manager, beat(line, "d1-hello").pk, 1, time(10), reason)
        assert no.value.field == "reason"


class TestWhatIsOver:
    def test_a_beat_that_was_just_done_is_not_mended(self, line, manager):
        live_until(local(1, 9))
        for change in (
            lambda b: mending.move_beat(manager, b.pk, 2, time(10), WHY),
            lambda b: mending.reword(manager, b.pk, ["新的话"], WHY),
            lambda b: mending.take_out(manager, b.pk, WHY),
        ):
            with pytest.raises(refusals.BeatBegun):
                change(beat(line, "d1-hello"))

    def test_a_talk_that_has_begun_goes_on_as_it_is(self, line, manager):
        live_until(local(1, 19, 36))
        with pytest.raises(refusals.BeatBegun):
            mending.take_out(manager, beat(line, "d1-talk").pk, WHY)

    def test_an_overdue_beat_is_not_taken_back_from_the_worker(self, line, manager, at):
        at(local(1, 9))
        with pytest.raises(refusals.BeatBegun):
            mending.take_out(manager, beat(line, "d1-hello").pk, WHY)

    def test_a_line_that_is_over_stays_as_it_was(self, line, manager):
        live_until(local(6, 1))
        with pytest.raises(refusals.LineIsOver):
            mending.add_post(
                manager, line.pk, day=5, at=time(23), text="再见", by_host=False, reason=WHY
            )


class TestEditing:
    def test_the_new_words_are_sent(self, line, manager):
        mending.reword(manager, beat(line, "d1-hello").pk, ["改过的早安"], WHY)
        live_until(local(1, 9))
        assert said(line) == ["改过的早安"]

    def test_each_message_of_a_talk_has_words_of_its_own(self, line, manager):
        texts = [f"第{n}句" for n in range(1, 8)]
        mending.reword(manager, beat(line, "d1-talk").pk, texts, WHY)
        live_until(local(1, 20, 30))
        assert said(line)[-7:] == texts

    @pytest.mark.parametrize(
        ("texts", "no"),
        [(["长" * 1001], TextTooLong), ([""], TextMissing)],
    )
    def test_words_that_do_not_fit_are_refused(self, line, manager, texts, no):
        with pytest.raises(no):
            mending.reword(manager, beat(line, "d1-hello").pk, texts, WHY)

    def test_the_same_words_are_no_change(self, line, manager):
        post = beat(line, "d1-hello")
        with pytest.raises(refusals.NothingChanged):
            mending.reword(manager, post.pk, [post.payload["text"]], WHY)

    def test_a_packet_is_issued_with_its_new_terms(self, line, manager):
        packet = beat(line, "d1-packet")
        mending.change_packet(
            manager, packet.pk, title="大一点的", total=2000, shares=4, reason=WHY
        )
        live_until(local(1, 12, 30))
        packet.refresh_from_db()
        issued = packet.packet
        assert (issued.title, issued.total, issued.count) == ("大一点的", 2000, 4)

    def test_it_cannot_grow_beyond_what_the_budget_has_beside_the_others(self, manager):
        line = open_line(budget_fen=5000)  # its packets: 10 + 10 + 12 + 12
        packet = beat(line, "d1-packet")

        def change(total: int) -> None:
            mending.change_packet(
                manager, packet.pk, title="初次见面", total=total, shares=10, reason=WHY
            )

        with pytest.raises(refusals.BudgetTooSmall) as no:
            change(1601)
        assert "16.00" in str(no.value)
        change(1600)

    def test_a_smaller_packet_is_always_welcome(self, manager):
        line = open_line(budget_fen=100)
        mending.change_packet(
            manager, beat(line, "d1-packet").pk, title="小", total=50, shares=5, reason=WHY
        )

    @pytest.mark.parametrize(("total", "shares"), [(9, 10), (100, 0), (100_000, 501)])
    def test_terms_that_cannot_be_are_refused(self, line, manager, total, shares):
        with pytest.raises(refusals.PacketTerms):
            mending.change_packet(
                manager,
                beat(line, "d1-packet").pk,
                title="红包",
                total=total,
                shares=shares,
                reason=WHY,
            )


class TestTakingOut:
    def test_it_is_not_done_and_the_calendar_says_why(self, line, manager):
        mending.take_out(manager, beat(line, "d1-talk").pk, WHY)
        live_until(local(1, 21))
        parts = Beat.objects.filter(line=line, key="d1-talk")
        assert {b.state for b in parts} == {"skipped"}
        assert {b.outcome["code"] for b in parts} == {"taken-out"}
        assert len(said(line)) == 2

    @pytest.mark.parametrize("key", ["d2-call", "d2-close", "d5-close"])
    def test_what_a_line_cannot_end_without_stays(self, line, manager, key):
        with pytest.raises(refusals.BeatStays):
            mending.take_out(manager, beat(line, key).pk, WHY)


class TestAdding:
    def test_a_post_by_hand_waits_for_the_host(self, line, manager):
        added = mending.add_post(
            manager, line.pk, day=1, at=time(10), text="补一句", by_host=True, reason=WHY
        )
        live_until(local(1, 11))
        assert [b.pk for b in schedule.waiting_for_host(SYSTEM, [line.pk])][:1] == [added.pk]
        beats.do_by_hand(SYSTEM, added.pk)
        assert said(line)[-1] == "补一句"

    def test_a_packet_is_paid_from_the_budget(self, line, manager):
        added = mending.add_packet(
            manager,
            line.pk,
            day=1,
            at=time(10),
            title="加一个",
            total=800,
            shares=8,
            hours=2,
            reason=WHY,
        )
        live_until(local(1, 10))
        added.refresh_from_db()
        assert (added.state, added.packet.total) == ("done", 800)
        assert sum(share.fen for share in added.packet.shares.all()) == 800

    def test_two_of_a_kind_in_one_minute_are_refused(self, line, manager):
        with pytest.raises(refusals.SameMinute):
            mending.add_post(
                manager, line.pk, day=1, at=time(9), text="撞车", by_host=False, reason=WHY
            )

    def test_nothing_is_added_to_a_phase_that_is_closed(self, line, manager):
        live_until(local(3, 10))
        with pytest.raises(refusals.OutsidePhase) as no:
            mending.add_post(
                manager, line.pk, day=2, at=time(12), text="晚了", by_host=False, reason=WHY
            )
        assert "3" in str(no.value)


class TestWhoMay:
    @pytest.mark.parametrize(
        "actor",
        [Actor(Role.FINANCE, 1), Actor(Role.AUDITOR, 1), Actor(Role.MIDDLE, 1)],
        ids=lambda actor: actor.role.value,
    )
    def test_other_staff_may_not(self, line, actor):
        with pytest.raises(NotAllowed):
            mending.take_out(actor, beat(line, "d1-hello").pk, WHY)

    def test_the_host_may_not_and_a_manager_elsewhere_sees_nothing(self, line):
        with pytest.raises(NotAllowed):
            mending.take_out(Actor(Role.MEMBER, line.host_id), beat(line, "d1-hello").pk, WHY)
        stranger = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
        with pytest.raises(Line.DoesNotExist):
            mending.take_out(stranger, beat(line, "d1-hello").pk, WHY)


class TestDifferences:
    def _of(self, line):
        moments = timeline(playbooks.playbook(line.playbook_id))
        return differences(moments, schedule.calendar(SYSTEM, line.pk), START, ZONE)

    def test_a_line_as_it_was_opened_has_none_and_being_late_is_none(self, line):
        assert self._of(line) == []
        live_until(local(6, 1))
        assert self._of(line) == []

    def test_they_name_what_was_mended_and_the_version_stays_as_it_was(self, line, manager):
        before = PlaybookVersion.objects.values_list("source", flat=True).get()
        mending.move_beat(manager, beat(line, "d1-hello").pk, 2, time(9, 10), WHY)
        mending.reword(manager, beat(line, "d2-evening").pk, ["换个说法"], WHY)
        mending.take_out(manager, beat(line, "d2-packet").pk, WHY)
        mending.add_post(
            manager, line.pk, day=4, at=time(9), text="加油", by_host=False, reason=WHY
        )
        found = [(d.parts[0].key, d.moved, d.edited, d.taken_out, d.added) for d in self._of(line)]
        assert found == [
            ("d1-hello", True, False, False, False),
            ("d2-packet", False, False, True, False),
            ("d2-evening", False, True, False, False),
            ("+1", False, False, False, True),
        ]
        assert PlaybookVersion.objects.values_list("source", flat=True).get() == before

    def test_what_was_moved_back_is_no_difference(self, line, manager):
        mending.move_beat(manager, beat(line, "d1-hello").pk, 1, time(10), WHY)
        mending.move_beat(manager, beat(line, "d1-hello").pk, 1, time(9), WHY)
        assert self._of(line) == []


class TestTogether:
    def test_a_beat_is_either_taken_out_or_done(self, line, manager, at):
        at(local(1, 8, 59, 59))
        post = beat(line, "d1-hello")
        answers = together(
            lambda: mending.take_out(manager, post.pk, WHY),
            lambda: beats.do_by_hand(SYSTEM, beat(line, "d2-evening").pk),
            lambda: mending.take_out(manager, post.pk, WHY),
        )
        refused = [a for a in answers if isinstance(a, Exception)]
        assert [type(no) for no in refused] == [refusals.BeatBegun]
        assert Mend.objects.count() == 1

    def test_two_who_add_at_once_add_two(self, line, manager):
        def add(minute: int) -> None:
            mending.add_post(
                manager, line.pk, day=1, at=time(10, minute), text="来", by_host=False, reason=WHY
            )

        assert together(*(lambda m=m: add(m) for m in range(4))) == [None] * 4
        keys = Beat.objects.filter(line=line, key__startswith="+").values_list("key", flat=True)
        assert sorted(keys) == ["+1", "+2", "+3", "+4"]

    def test_two_who_move_into_the_same_minute_do_not_both_get_it(self, line, manager):
        moves = [beat(line, "d1-packet").pk, beat(line, "d2-packet").pk]
        answers = together(
            *(lambda b=b: mending.move_beat(manager, b, 2, time(14), WHY) for b in moves)
        )
        assert [type(a) for a in answers if a] == [refusals.SameMinute]
