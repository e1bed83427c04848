"""Who answers whom in a chat. Pure."""

from collections import Counter
from collections.abc import Iterable

from loop28.front.groups.questions import ANSWER_WITHIN, W, asks

Pair = tuple[int, int]


def who_answers_whom(said: Iterable[W]) -> Counter[Pair]:
    """(who answered, who asked) → how often.

    The chat has no threads. So the answer to a question is the next thing that another person says,
    if it comes within ten minutes and is no question itself. What the programme says in between
    changes nothing.
    """
    pairs: Counter[Pair] = Counter()
    asked: W | None = None
    for words in said:
        if words.member_id is None:
            continue
        if asks(words.text):
            asked = words
        elif asked is not None and asked.member_id is not None:
            if words.member_id == asked.member_id:
                continue
            if words.at <= asked.at + ANSWER_WITHIN:
                pairs[words.member_id, asked.member_id] += 1
            asked = None
    return pairs


def most_connected(pairs: Counter[Pair], count: int) -> list[int]:
    """The people who answered and were answered most, at most so many."""
    ties: Counter[int] = Counter()
    for (answered, asked), times in pairs.items():
        ties[answered] += times
        ties[asked] += times
    return [member for member, _ in sorted(ties.items(), key=lambda tie: (-tie[1], tie[0]))][:count]
