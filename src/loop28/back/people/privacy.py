"""What the back office keeps of members: files of people that wait to be taken in."""

from collections.abc import Collection
from datetime import datetime

from loop28.back.people.models import ImportFile
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Nothing: a file is nobody's before it is taken in."""
    return []


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Throw away what was uploaded and not taken in: nobody can say who is in it."""
    require(actor)
    waiting = ImportFile.objects.filter(done_at=None).exclude(data=b"")
    waiting.update(data=b"")


@journal.action
def forget_files(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Throw away files that nobody took in; how many."""
    require(actor)
    left = ImportFile.objects.filter(done_at=None, at__lt=before).exclude(data=b"")
    return left.count() if dry_run else left.update(data=b"")
