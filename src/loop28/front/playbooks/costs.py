"""What a line of a playbook costs at most. Pure."""

from collections import Counter
from dataclasses import dataclass

from loop28.front.playbooks.schema import OpenTasks, Packet, Playbook, Task


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

    Each with its best result, as far as the caps allow. People are rounded up. A task that several
    beats open is paid for each time. Where there is only one phase, nobody is screened and all
    count.
    """
    percent = passing_percent if len(playbook.phases) > 1 else 100
    people = -(-playbook.size * percent // 100)
    return Cost(
        packets_fen=sum(beat.total for beat in playbook.beats if isinstance(beat, Packet)),
        rewards_fen=rewards_at_most(playbook, people),
        people=people,
    )


def rewards_at_most(playbook: Playbook, people: int) -> int:
    """Fen that so many people can earn together: every task as often as it is opened, and what
    opens with a level by everybody.

    The cap of a day is left out: it only spreads what is paid.
    """
    opened: Counter[str] = Counter()
    for beat in playbook.beats:
        for key in beat.tasks if isinstance(beat, OpenTasks) else ():
            opened.update(comings(key, playbook))
    for task in playbook.by_level:
        opened.update(comings(task.key, playbook))
    by_part: Counter[str | None] = Counter()
    for task in playbook.tasks:
        by_part[task.reward.budget] += task_at_most(task, people * opened[task.key])
    holds = {part.key: part.most for part in playbook.budgets}
    total = sum(min(fen, holds.get(part or "", fen)) for part, fen in by_part.items())
    caps = playbook.caps
    limits = [people * caps.member] if caps.member is not None else []
    return min([total, *limits, *([caps.line] if caps.line is not None else [])])


def task_at_most(task: Task, times: int) -> int:
    """Fen that a task pays when it is done so often in a line."""
    reward = task.reward
    fen = min(times, reward.first or times) * reward.money_at_most
    return fen if reward.most is None else min(fen, reward.most)


def worth(playbook: Playbook) -> dict[str, int]:
    """By task, the fen that one who gets it can earn by it and by all that it brings along."""
    money = {task.key: task.reward.money_at_most for task in playbook.tasks}
    return {
        key: sum(money[one] * times for one, times in comings(key, playbook).items())
        for key in money
    }


def comings(key: str, playbook: Playbook) -> Counter[str]:
    """How often a task that is opened once comes, and those that open by finishing it.

    In their order: each before what opens by finishing it.
    """
    tasks = {task.key: task for task in playbook.tasks}
    found: Counter[str] = Counter()
    ahead = [(key, 1)]
    for name, times in ahead:  # which grows while it is walked
        if name not in tasks or name in found:
            continue  # mistakes that the checks name
        repeat = tasks[name].repeat
        found[name] = times * (repeat.at_most if repeat else 1)
        ahead += [(after, found[name]) for after in playbook.next_tasks.get(name, ())]
    return found
