"""What the watch writes down, and what a person decides about it."""

from collections.abc import Collection
from datetime import date

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.models import Decision, Freeze, Strength
from loop28.front.rewards import actions as rewards
from loop28.front.rewards import queries as held
from loop28.front.watch.facts import NightWatched
from loop28.front.watch.models import Coloured, Night
from loop28.front.watch.night import Seen
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.middle.members import queries as members


@journal.action
def note(actor: Actor, day: date, seen: Seen) -> bool:
    """Write down what the night before ``day`` showed and freeze whom it found; once a night."""
    require(actor)
    colours = [chain.colour for chain in seen.chains.values()]
    amber, red = colours.count("amber"), colours.count("red")
    night = {"day": day, "at": journal.now(), "frozen": 0, "amber": amber, "red": red}
    if not (written := sql.insert(Night, [night], unique=["day"])):
        return False
    _colour(seen)
    frozen = compliance.freeze(SYSTEM, seen.findings)
    Night.objects.filter(pk=written[0][0]).update(frozen=frozen)
    journal.record(NightWatched(frozen=frozen, amber=amber, red=red))
    return True


def _colour(seen: Seen) -> None:
    """What was measured in earlier nights counts no more; nor does a record merged away since."""
    Coloured.objects.all().delete()
    gone = members.turned_out(seen.chains)
    rows = [
        {"member": top, "colour": chain.colour, "levels": chain.levels, "people": chain.people}
        for top, chain in sorted(seen.chains.items())
        if top not in gone
    ]
    sql.insert(Coloured, rows, returning=())


@journal.action
def decide(
    actor: Actor, freeze_id: int, decision: str, reason: str, taken: Collection[str] = ()
) -> None:
    """Release a freeze or uphold it; upheld, the rewards with the references ``taken`` that wait
    because of it are taken back, and the others come.

    Raises Freeze.DoesNotExist. Refuses with NotAllowed, FreezeOver, TextMissing, TextTooLong.
    """
    require(actor, Role.ADMINISTRATOR, Role.FINANCE)
    freeze: Freeze = compliance.decide(actor, freeze_id, decision, reason)
    if decision == Decision.UPHELD and freeze.strength == Strength.HOLD:
        waiting = held.frozen([freeze.member], journal.now())
        chosen = waiting.filter(reference__in=list(taken)).values_list("reference", flat=True)
        rewards.void(SYSTEM, list(chosen), why=freeze.reason)
