"""How often a password may be guessed: counted before it is looked at, for all processes together.

Three counts stop three ways of guessing: one name from one address, one name from many addresses,
many names from one address. A count is kept under a keyed digest, so that neither a name nor an
address, nor a password typed into the wrong field, can be read from it.
"""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from loop28.back.people.models import Guesses
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor

WHILE = timedelta(minutes=15)
LIMITS = {"name at address": 5, "name": 30, "address": 50}


@journal.action
def take(actor: Actor, username: str, address: str) -> bool:
    """Take one try for a name from an address; False when there is none left for now.

    A try that is refused counts for nothing: nobody keeps a name locked by going on. The counts are
    locked, so that of many tries at once only as many pass as are left.
    """
    now, most = journal.now(), _keys(username, address)
    sql.insert(
        Guesses,
        [{"key": key, "count": 0, "since": now} for key in most],
        unique=["key"],
        returning=(),
    )
    counts = list(Guesses.objects.select_for_update().filter(key__in=most).order_by("id"))
    for count in counts:
        if count.since <= now - WHILE:
            count.since, count.count = now, 0
    if any(count.count >= most[count.key] for count in counts):
        return False
    for count in counts:
        count.count += 1
        count.save(update_fields=["count", "since"])
    return True


@journal.action
def give_back(actor: Actor, username: str, address: str) -> None:
    """The password was right: it was no guess, and the wrong ones before it were slips."""
    both, *others = _keys(username, address)
    Guesses.objects.filter(key=both).delete()
    for count in Guesses.objects.select_for_update().filter(key__in=others).order_by("id"):
        count.count = max(count.count - 1, 0)
        count.save(update_fields=["count"])
    over = Guesses.objects.filter(since__lte=journal.now() - WHILE)
    free = over.select_for_update(skip_locked=True).values_list("id", flat=True)
    Guesses.objects.filter(id__in=list(free)).delete()


def _keys(username: str, address: str) -> dict[str, int]:
    """The three counts that a try belongs to, and how far each goes."""
    about = {"name at address": f"{username} {address}", "name": username, "address": address}
    return {
        salted_hmac(f"loop28.guesses.{kind}", about[kind], algorithm="sha256").hexdigest(): most
        for kind, most in LIMITS.items()
    }
