"""What the look at the tempo hears: clicks, before any task counts them."""

from collections.abc import Sequence

from loop28.front.referrals.facts import LinkClicked
from loop28.front.tempo import actions
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal import reacts_to


@reacts_to(LinkClicked)
def look(facts: Sequence[LinkClicked]) -> None:
    """Look at whose links were clicked, and at these links."""
    actions.look(SYSTEM, {fact.promoter for fact in facts}, {fact.link for fact in facts})
