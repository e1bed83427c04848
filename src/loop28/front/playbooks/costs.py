"""What a line of a playbook costs at most. Pure."""

from collections import Counter
from dataclasses import dataclass

from loop28.front.playbooks.schema import OpenTasks, Packet, Playbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Fen that leave a line's budget when ``people`` of it pass the screening."""

    packets_fen: int
    rewards_fen: int
    people: int

    @property
    def total_fen(self) -> int:
        return self.packets_fen + self.rewards_fen


def cost(playbook: Playbook, passing_percent: int) -> Cost:
    """The upper bound: every share of every packet is opened, every passing member does every task.

    People are rounded up. A task that several beats open is paid for each time. Where there is
    only one phase, nobody is screened and all count.
    """
    percent = passing_percent if len(playbook.phases) > 1 else 100
    people = -(-playbook.size * percent // 100)
    return Cost(
        packets_fen=sum(beat.total for beat in playbook.beats if isinstance(beat, Packet)),
        rewards_fen=people * rewards_of_one(playbook),
        people=people,
    )


def rewards_of_one(playbook: Playbook) -> int:
    """Fen one member earns by doing every task as often as it is opened."""
    opened = Counter(
        key for beat in playbook.beats if isinstance(beat, OpenTasks) for key in beat.tasks
    )
    return sum((task.reward.money or 0) * opened[task.key] for task in playbook.tasks)
