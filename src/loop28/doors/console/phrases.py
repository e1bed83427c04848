"""Each kind of fact as a sentence."""

from loop28.doors.console import phrases_of_front, phrases_of_house
from loop28.doors.console.fillings import Names
from loop28.kernel.journal.models import Entry

SENTENCES = phrases_of_front.SENTENCES | phrases_of_house.SENTENCES
"""By kind of fact: its sentence, and what fills it."""


def words(entry: Entry, names: Names) -> str:
    """The fact in words; its bare name where there is no sentence for it."""
    sentence = SENTENCES.get(entry.kind)
    if sentence is None:
        return entry.kind
    return str(sentence[0]) % sentence[1](entry.data, names)
