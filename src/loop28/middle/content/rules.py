"""What a talk is made of, and when two are the same, without looking at the database."""

import hashlib
import json
from dataclasses import astuple, dataclass

MESSAGES = (6, 40)
MESSAGE_LENGTH = (60, 200)
REPLIES = (3, 12)
TEXT_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything a talk says: its messages one by one, its question, pairs of answer and reply."""

    topic: str
    guest: str
    guest_title: str
    material: str
    messages: tuple[str, ...]
    question: str
    replies: tuple[tuple[str, str], ...]


def digest(words: Words) -> str:
    """The same for the same words, wherever they stand."""
    plain = json.dumps(astuple(words), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def unfit_message(messages: tuple[str, ...]) -> int | None:
    """The number of the first message that no playbook takes; 0 for too few or too many of them."""
    if not MESSAGES[0] <= len(messages) <= MESSAGES[1]:
        return 0
    shortest, longest = MESSAGE_LENGTH
    for number, message in enumerate(messages, start=1):
        if not shortest <= len(message) <= longest:
            return number
    return None
