"""Which questions in a chat wait for an answer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups.questions import ANSWER_WITHIN, asks, unanswered

HOST, ANN, BEN, CIS = 1, 2, 3, 4
NAMES = {HOST: "店主", ANN: "林小满", BEN: "王秀兰", CIS: "赵明"}
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    member_id: int | None
    text: str
    at: datetime = NOON

    @property
    def writer(self) -> str:
        return NAMES.get(self.member_id or 0, "")


ASKED = Said(ANN, "要交钱吗")


def texts(*said):
    return [words.text for words in unanswered(said, HOST)]


@pytest.mark.parametrize("text", ["要交钱吗", "怎么做？", "how?", "在吗在吗"])
def test_a_question_is_known_by_its_mark_or_its_particle(text):
    assert asks(text)
    assert texts(Said(ANN, text)) == [text]


def test_the_hosts_next_word_answers_all_before_it_and_none_after():
    later = Said(BEN, "几点开始？")
    assert texts(ASKED, later, Said(HOST, "大家好")) == []
    assert texts(ASKED, Said(HOST, "不用"), later) == ["几点开始？"]


def test_somebody_else_answers_by_speaking_right_after_it():
    assert texts(ASKED, Said(BEN, "不用的", NOON + ANSWER_WITHIN)) == []
    late = NOON + ANSWER_WITHIN + timedelta(seconds=1)
    assert texts(ASKED, Said(BEN, "早上好", late)) == ["要交钱吗"]


def test_only_the_words_right_after_it_do_unless_they_name_who_asked():
    between = Said(ANN, "我是新来的")
    assert texts(ASKED, between, Said(BEN, "欢迎")) == ["要交钱吗"]
    hours_later = NOON + timedelta(hours=5)
    assert texts(ASKED, between, Said(BEN, "@林小满 不用", hours_later)) == []


def test_nobody_answers_themselves_and_another_question_is_no_answer():
    assert texts(ASKED, Said(ANN, "有人在")) == ["要交钱吗"]
    assert texts(ASKED, Said(BEN, "我也想知道，要吗")) == ["要交钱吗", "我也想知道，要吗"]


def test_what_the_programme_says_neither_asks_nor_answers():
    assert texts(Said(None, "准备好了吗？"), ASKED, Said(None, "红包来了")) == ["要交钱吗"]
    assert texts(ASKED, Said(None, "红包来了"), Said(BEN, "不用")) == []


said = st.lists(
    st.builds(
        Said,
        st.sampled_from([None, HOST, ANN, BEN, CIS]),
        st.sampled_from(["好的", "几点？", "行吗", "@林小满 对", "收到"]),
        st.integers(0, 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    )
)


@given(said)
def test_what_is_left_was_asked_after_the_host_spoke_last_and_in_its_order(messages):
    left = unanswered(messages, HOST)
    since = max((n for n, m in enumerate(messages) if m.member_id == HOST), default=-1)
    places = [next(n for n, m in enumerate(messages) if m is one) for one in left]
    assert places == sorted(places)
    assert all(n > since for n in places)
    assert all(asks(one.text) and one.member_id is not None for one in left)


@given(said)
def test_more_words_of_others_never_bring_a_question_back(messages):
    before = unanswered(messages, HOST)
    after = unanswered([*messages, Said(CIS, "好的", NOON + timedelta(hours=2))], HOST)
    assert set(map(id, after)) <= set(map(id, before))
