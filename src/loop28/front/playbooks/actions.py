"""Publishing."""

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
from loop28.kernel.access import Actor, Role, require


def publish(actor: Actor, source: str | bytes) -> PlaybookVersion:
    """Make a playbook without mistakes a version that lines, or standing groups, can live by.

    Publishing the same text again returns the version that is there. Refuses with NotAllowed, and
    with PlaybookHasMistakes.
    """
    require(actor, Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.MIDDLE)
    document = read(source)
    mistakes = rules.check(document)
    if mistakes:
        raise PlaybookHasMistakes(wording.remarks(mistakes))
    # Reading takes a tenth of a second, and of a large file seconds: nobody waits for it with us.
    return _version(actor, form.programme(document.data), document.text)


@journal.action
def _version(actor: Actor, playbook: Playbook | Weekly, text: str) -> PlaybookVersion:
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
