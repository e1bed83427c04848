"""What a rehearsal assumes about people, each with where it comes from.

Shares are in percent, so that a reader can argue with them. "guess" is an honest word: replace it
with what your own lines show.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One assumption: its value, and its source or "guess"."""

    value: int
    source: str


PARAMETERS = {
    "opt_in_percent_tier_1": Parameter(25, "programme: 10 to 60 pass; large cities least"),
    "opt_in_percent_tier_5": Parameter(58, "programme: 10 to 60 pass; small towns most"),
    "call_seen_percent": Parameter(85, "guess: who means to answer sees the call in time"),
    "late_answer_percent": Parameter(4, "guess: answers after the call is over"),
    "answer_by_button_percent": Parameter(35, "guess"),
    "chat_percent_per_hour": Parameter(3, "guess: an awake, active member writes in an hour"),
    "active_percent_first_day": Parameter(78, "guess"),
    "active_percent_last_day": Parameter(42, "guess: habits settle, not all"),
    "packet_percent": Parameter(70, "guess: an active member who is awake taps an open packet"),
    "double_tap_percent": Parameter(12, "guess: taps again at once"),
    "resent_percent": Parameter(2, "guess: a platform delivers a message twice"),
    "leave_permille_per_day": Parameter(6, "guess"),
    "return_percent": Parameter(10, "guess: of those who left, comes back the next day"),
    "friend_percent": Parameter(40, "guess: comes with a friend from the same city"),
    "task_percent_easy": Parameter(88, "guess: an active member does a task of seconds"),
    "task_percent_hard": Parameter(30, "guess: an active member does a task of hours"),
    "quiz_right_percent": Parameter(75, "guess: all answers right at the first try"),
    "first_order_percent": Parameter(45, "guess: sells the hot product in the last days"),
    "more_orders_percent": Parameter(45, "guess: of those, sells to one more; again and again"),
    "host_forgets_percent": Parameter(3, "guess: of the cards the host sends by hand"),
    "refund_percent": Parameter(5, "guess: of orders, within the refund window"),
    "own_purchase_percent": Parameter(4, "guess: buys for oneself, which does not count"),
}


def percent(name: str) -> float:
    """The value of a percentage parameter as a probability."""
    return PARAMETERS[name].value / 100


def between(first: str, last: str, place: float) -> float:
    """A probability on the straight way from one percentage to another; ``place`` from 0 to 1."""
    return percent(first) + (percent(last) - percent(first)) * place
