"""Which questions in a chat nobody answered. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

ASKING = ("?", "？", "吗")
"""What makes a message a question; in chats the mark is often left out."""

ANSWER_WITHIN = timedelta(minutes=10)
"""What somebody else says next counts as the answer when it comes this soon. A guess."""


class Words(Protocol):
    """What the rule needs to know of a message; nobody's number for the programme itself."""

    member_id: int | None
    text: str
    at: datetime

    @property
    def writer(self) -> str:
        """The name of whoever wrote it."""


W = TypeVar("W", bound=Words)


def unanswered(said: Iterable[W], host: int) -> list[W]:
    """The questions, in order, that neither the host nor anybody else has answered.

    The host has read everything by the time they speak. Somebody else answers a question by saying
    something right after it, or by naming whoever asked; another question is no answer, and nobody
    answers themselves. What the programme says answers nobody.
    """
    open_: list[W] = []
    last: W | None = None
    for words in said:
        if words.member_id is None:
            continue
        if words.member_id == host:
            open_ = []
        elif asks(words.text):
            open_.append(words)
        else:
            open_ = [question for question in open_ if not _answers(words, question, last)]
        last = words
    return open_


def asks(text: str) -> bool:
    """Whether a message is a question."""
    return any(sign in text for sign in ASKING)


def _answers(words: W, question: W, last: W | None) -> bool:
    if words.member_id == question.member_id:
        return False
    at_once = question is last and words.at <= question.at + ANSWER_WITHIN
    return at_once or question.writer in words.text
