"""Making versions."""

import hashlib

from django.db import IntegrityError, transaction

from loop28.front.playbooks import form, queries, rules, wording
from loop28.front.playbooks.facts import PlaybookPublished
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.refusals import PlaybookHasMistakes
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.weekly import Weekly
from loop28.kernel import journal
from loop28.kernel.access import Actor, require


def publish(actor: Actor, source: str | bytes) -> PlaybookVersion:
    """Make a playbook without mistakes a version that lines, or standing groups, can live by.

    This is the installation's own way, for whoever runs its commands; people write drafts and
    review them. Publishing the same text again returns the version that is there. Refuses with
    NotAllowed, and with PlaybookHasMistakes.
    """
    require(actor)
    # Reading takes a tenth of a second, and of a large file seconds: nobody waits for it with us.
    return add_version(actor, *faultless(source))


def faultless(source: str | bytes) -> tuple[Playbook | Weekly, str]:
    """A playbook and its text with our line ends; refuses with PlaybookHasMistakes."""
    document = read(source)
    if mistakes := rules.check(document):
        raise PlaybookHasMistakes(wording.remarks(mistakes))
    return form.programme(document.data), document.text


@journal.action
def add_version(actor: Actor, playbook: Playbook | Weekly, text: str) -> PlaybookVersion:
    """The version with this text, which must be faultless; a new one unless there is one."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    seen = None
    while True:
        # Digests and numbers in one statement, so that both are of the same instant: whoever sees a
        # number as taken then also sees whether it was this very text that took it.
        there = dict(
            PlaybookVersion.objects.filter(key=playbook.key).values_list("digest", "number")
        )
        if digest in there:
            return PlaybookVersion.objects.get(key=playbook.key, digest=digest)
        try:
            with transaction.atomic():
                return _write(actor, playbook, text, digest, max(there.values(), default=0) + 1)
        except IntegrityError:
            # Another publication took the number, or was of the same text: look again. The upsert
            # of `sql.insert` can name only one of the two keys, and fails on the other.
            if there == seen:
                raise
            seen = there


def _write(
    actor: Actor, playbook: Playbook | Weekly, text: str, digest: str, number: int
) -> PlaybookVersion:
    version = PlaybookVersion.objects.create(
        key=playbook.key,
        number=number,
        name=playbook.name,
        weekly=isinstance(playbook, Weekly),
        source=text,
        digest=digest,
        published_at=journal.now(),
        published_by_id=actor.id if actor.is_staff else None,
    )
    journal.record(PlaybookPublished(version=version.pk, number=number))
    queries.forget()
    return version
