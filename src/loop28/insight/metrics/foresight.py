"""When a budget will be empty, by what is still planned. Pure: it lives here because it looks ahead
over packets and rewards, which do not know each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

SCREENED_PERCENT = 35
"""How many are expected to pass while nobody was called yet: the middle of the playbook's costs."""


@dataclass(frozen=True, slots=True)
class Outgo:
    """Fen that will leave a budget at a planned time."""

    at: datetime
    fen: int


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a line still has and still needs, in fen.

    ``soon_fen`` is what its packets need until ``soon_until``. ``empty_at`` is the first planned
    time the budget cannot pay; None when it lasts.
    """

    left_fen: int
    packets_fen: int
    rewards_fen: int
    soon_fen: int
    empty_at: datetime | None

    @property
    def needed_fen(self) -> int:
        return self.packets_fen + self.rewards_fen

    @property
    def short_fen(self) -> int:
        """What is missing until the end; 0 when the budget lasts."""
        return max(0, self.needed_fen - self.left_fen)

    @property
    def soon_short_fen(self) -> int:
        """What is missing for the packets of the next days; 0 when they can all be issued."""
        return max(0, self.soon_fen - self.left_fen)

    @property
    def tone(self) -> str:
        """How worrying it is: bad when a packet of the next days is unpaid, warn before the end."""
        return "bad" if self.soon_short_fen else "warn" if self.short_fen else ""


def foresee(
    left_fen: int, packets: Iterable[Outgo], rewards: Iterable[Outgo], soon_until: datetime
) -> Foresight:
    """Spend a budget along what is planned. Packets and rewards of one instant: packets first."""
    packets, rewards = list(packets), list(rewards)
    rest, empty_at = left_fen, None
    for outgo in sorted([*packets, *rewards], key=lambda outgo: outgo.at):
        rest -= outgo.fen
        if rest < 0:
            empty_at = outgo.at
            break
    return Foresight(
        left_fen=left_fen,
        packets_fen=sum(packet.fen for packet in packets),
        rewards_fen=sum(reward.fen for reward in rewards),
        soon_fen=sum(packet.fen for packet in packets if packet.at <= soon_until),
        empty_at=empty_at,
    )


def expected_to_pass(opted_in: int, seated: int, *, called: bool) -> int:
    """People whose tasks will be paid: those who opted in, or before the call a cautious guess."""
    return opted_in if called else -(-seated * SCREENED_PERCENT // 100)
