"""The library of talks, and the guests with their dates."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from loop28.middle.content import actions, queries, refusals, rules
from loop28.middle.content.models import Booking, Guest, TalkVersion
from loop28.middle.content.rules import Words
from tests.factories import staff
from tests.races import together

EVENING = datetime(2100, 3, 2, 12, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"


def words(**other):
    usual = {
        "topic": "零售的前世今生",
        "guest": "顾建平",
        "guest_title": "老百货人",
        "material": "",
        "messages": ("一" * 60,) * 6,
        "question": "你记得第一回买的是什么？",
        "replies": (("打酱油", "又一个打酱油的"),) * 3,
    }
    return Words(**(usual | other))


def guest(name="顾建平"):
    return Guest.objects.get_or_create(name=name, defaults={"title": "老百货人"})[0]


def book(who, starts=EVENING, hours=1, *, actor=SYSTEM, key=None, note="HD-412"):
    ends = starts + timedelta(hours=hours)
    return actions.book(actor, who.pk, starts, ends, note, key=key or uuid4(), zone=SHANGHAI)


texts = st.text(min_size=1, max_size=20)


@given(texts, texts)
def test_two_talks_have_one_digest_only_when_they_say_the_same(one, other):
    same = rules.digest(words(question=one)) == rules.digest(words(question=other))
    assert same == (one == other)


def test_what_moves_from_one_message_to_the_next_is_another_talk():
    assert rules.digest(words(messages=("ab", "c"))) != rules.digest(words(messages=("a", "bc")))


@given(st.lists(st.integers(50, 210), max_size=45))
def test_a_talk_fits_when_every_message_does(lengths):
    found = rules.unfit_message(tuple("长" * length for length in lengths))
    if 6 <= len(lengths) <= 40:
        wrong = [n for n, length in enumerate(lengths, 1) if not 60 <= length <= 200]
        assert found == (wrong[0] if wrong else None)
    else:
        assert found == 0


@pytest.mark.django_db
class TestTalks:
    def test_other_words_are_the_next_version_and_the_same_words_are_none(self):
        first = actions.write(SYSTEM, words())
        second = actions.write(SYSTEM, words(question="换个问法：在哪儿买的？"))
        assert [first.number, second.number] == [1, 2]
        assert actions.write(SYSTEM, words()) == first
        assert Entry.objects.filter(kind="TalkWritten").count() == 2
        assert [v.number for v in queries.versions_of(SYSTEM_STAFF, first.talk_id)] == [2, 1]

    def test_what_is_kept_says_what_was_written(self):
        assert queries.words(actions.write(SYSTEM, words())) == words()

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"messages": ("一" * 60,) * 5}, refusals.MessagesUnfit),
            ({"messages": ("一" * 60,) * 6 + ("短",)}, refusals.MessagesUnfit),
            ({"replies": (("a", "b"),) * 2}, refusals.RepliesUnfit),
            ({"replies": (("a", ""),) * 3}, TextMissing),
            ({"topic": " "}, TextMissing),
        ],
    )
    def test_what_no_playbook_would_take_is_refused(self, wrong, refusal):
        with pytest.raises(refusal):
            actions.write(SYSTEM, words(**wrong))
        assert not TalkVersion.objects.exists()

    def test_only_those_who_publish_write_and_all_staff_read(self):
        with pytest.raises(NotAllowed):
            actions.write(staff(Role.AUDITOR).actor, words())
        actions.write(staff(Role.MIDDLE).actor, words())
        assert queries.talks(staff(Role.AUDITOR).actor).count() == 1
        with pytest.raises(NotAllowed):
            queries.talks(Actor(Role.MEMBER, 1))


SYSTEM_STAFF = Actor(Role.AUDITOR, 0)


@pytest.mark.django_db
class TestGuests:
    def test_a_guest_is_in_one_place_at_a_time_and_the_refusal_says_where(self):
        who = guest()
        book(who)
        for start in (-0.5, 0, 0.5):
            with pytest.raises(refusals.GuestTaken) as no:
                book(who, EVENING + timedelta(hours=start))
            assert "20:00" in str(no.value)
            assert "HD-412" in str(no.value)
        book(who, EVENING + timedelta(hours=1))
        book(who, EVENING - timedelta(hours=1))
        book(guest("陶春燕"))
        assert Booking.objects.count() == 4

    def test_who_named_free_days_is_booked_on_those_only(self):
        who = guest()
        book(who)  # nothing named: any day
        day = date(2100, 3, 10)
        actions.name_free_days(SYSTEM, who.pk, day, day + timedelta(days=1))
        actions.name_free_days(SYSTEM, who.pk, day, day + timedelta(days=1))
        assert Entry.objects.filter(kind="GuestFree").count() == 1
        with pytest.raises(refusals.GuestNotFree):
            book(who, EVENING + timedelta(days=1))
        # Seven in the evening UTC of the 9th is early on the 10th where people are.
        book(who, datetime(2100, 3, 9, 19, tzinfo=UTC))

    def test_hours_that_were_called_off_are_free_again(self):
        who = guest()
        booking = book(who)
        with pytest.raises(TextMissing):
            actions.release(SYSTEM, booking.pk, " ")
        actions.release(SYSTEM, booking.pk, "改期")
        with pytest.raises(refusals.AlreadyReleased):
            actions.release(SYSTEM, booking.pk, "改期")
        assert book(who).pk != booking.pk

    def test_the_same_form_books_once(self):
        who, key = guest(), uuid4()
        assert book(who, key=key) == book(who, key=key)

    def test_what_cannot_be_is_refused(self):
        who = guest()
        with pytest.raises(refusals.HoursInDisorder):
            book(who, hours=0)
        with pytest.raises(refusals.HoursInDisorder):
            book(who, datetime(2020, 1, 1, tzinfo=UTC))
        with pytest.raises(refusals.DaysInDisorder):
            actions.name_free_days(SYSTEM, who.pk, date(2100, 2, 2), date(2100, 2, 1))
        with pytest.raises(refusals.UnknownGuest):
            actions.name_free_days(SYSTEM, 0, date(2100, 2, 2), date(2100, 2, 2))
        with pytest.raises(NotAllowed):
            book(who, actor=staff(Role.FINANCE).actor)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_ten_who_want_a_guest_at_the_same_hour_one_gets_them(self):
        who = guest()
        answers = together(*[lambda: book(who)] * 10)
        assert sum(isinstance(answer, Booking) for answer in answers) == 1
        assert sum(isinstance(answer, refusals.GuestTaken) for answer in answers) == 9

    def test_versions_written_at_once_are_numbered_one_after_the_other(self):
        actions.write(SYSTEM, words())
        together(
            *[
                lambda n=n: actions.write(SYSTEM, words(question=f"第 {n} 种问法？"))
                for n in range(6)
            ],
            lambda: actions.write(SYSTEM, words()),
        )
        numbers = TalkVersion.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3, 4, 5, 6, 7]
