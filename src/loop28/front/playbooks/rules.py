"""The rules of a playbook: is it right, what does it do when, what does it cost. Pure."""

from loop28.front.playbooks.checks import CHECKS, weekly
from loop28.front.playbooks.costs import Cost, cost
from loop28.front.playbooks.form import examine
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.reading import Document
from loop28.front.playbooks.timetable import Moment, timeline, week
from loop28.front.playbooks.weekly import is_weekly

__all__ = ["Cost", "Mistake", "Moment", "check", "cost", "timeline", "week"]


def check(document: Document) -> list[Mistake]:
    """Every mistake in a document, in the order of the file; none means it can be published.

    A document with the field «weekly» is a weekly playbook.
    """
    mistakes = list(document.mistakes)
    if is_weekly(document.data):
        mistakes += weekly.check(document)
    elif document.data is not None:
        draft, of_form = examine(document)
        mistakes += of_form
        mistakes += [found for check in CHECKS for found in check(draft)]
    return sorted(mistakes, key=lambda found: (found.line, found.column))
