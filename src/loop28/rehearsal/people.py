"""Synthetic people: who they are and how they tend to behave. Pure; chance is an argument."""

from dataclasses import dataclass
from random import Random

from loop28.rehearsal.parameters import between, percent

_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁"
_GIVEN = "秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂芳玲红波辉宁欣怡佳慧雪梅莹颖蕾琳晨"
_NICKNAMES = ["阿{}", "{}姐", "小{}", "{}妈", "{}同学", "爱笑的{}", "{}🌸", "老{}"]

CHATTER = [
    "早上好呀",
    "大家早",
    "抢到啦，谢谢红包",
    "手慢了，没抢到😂",
    "这个讲得挺实在的",
    "我们县里也是这样，店越来越难做",
    "老师讲得慢一点，我在带娃",
    "收到",
    "学到了",
    "哈哈哈",
    "晚上几点讲？",
    "有没有文字版？",
    "我11月1日也参加过一个群",
    "第1次听人这么讲",
    "1个问题：真的不用交钱吗？",
    "下班了，来报到",
    "@店主 任务在哪里看？",
    "今天的任务做完了",
    "加油💪",
    "谢谢大家",
    "我这边下雨，快递慢两天",
    "孩子睡了，来看看",
]
YES = ["1", "１", "打1", "1！", "扣1", "我打1", "1️⃣", "111", "+1"]


@dataclass(slots=True)
class Persona:
    """One person: name and city, how keen they are (0 to 1), when they are awake, what they intend.

    ``wakes`` and ``sleeps`` are local hours. ``member`` is their number once they joined,
    ``present`` whether they have a seat now, ``passed`` whether they opted in.
    """

    name: str
    city: int | None
    tier: int
    keen: float
    wakes: int
    sleeps: int
    opts_in: bool
    answers_late: bool
    by_button: bool
    orders: int
    comes_minute: int
    member: int = 0
    present: bool = False
    passed: bool = False
    answered: bool = False

    def awake(self, hour: int) -> bool:
        return self.wakes <= hour < self.sleeps


def crowd(count: int, cities: list[tuple[int, int]], minutes: int, chance: Random) -> list[Persona]:
    """``count`` people from ``cities`` (number, tier), come within ``minutes``, some in pairs."""
    people: list[Persona] = []
    while len(people) < count:
        city, tier = chance.choice(cities) if chance.random() < 0.85 else (None, 3)
        comes = min(chance.randrange(minutes), chance.randrange(minutes))
        people.append(_person(city, tier, comes, chance))
        if chance.random() < percent("friend_percent") and len(people) < count:
            later = min(minutes - 1, comes + chance.randrange(60))
            people.append(_person(city, tier, later, chance))
    return sorted(people, key=lambda person: person.comes_minute)


def _person(city: int | None, tier: int, comes: int, chance: Random) -> Persona:
    keen = chance.betavariate(2, 2)
    pull = between("opt_in_percent_tier_1", "opt_in_percent_tier_5", (tier - 1) / 4)
    opts_in = chance.random() < min(0.95, pull * (0.5 + keen))
    return Persona(
        name=_called(chance),
        city=city,
        tier=tier,
        keen=keen,
        wakes=chance.choice([6, 6, 7, 7, 8]),
        sleeps=chance.choice([22, 23, 23, 24, 24]),
        opts_in=opts_in,
        answers_late=chance.random() < percent("late_answer_percent"),
        by_button=chance.random() < percent("answer_by_button_percent"),
        orders=_orders(keen, chance) if opts_in else 0,
        comes_minute=comes,
    )


def full_name(chance: Random) -> str:
    """A family name and a given name."""
    return chance.choice(_FAMILY) + _given(chance)


def _called(chance: Random) -> str:
    """What people call themselves in a chat: mostly a name, often a nickname."""
    if chance.random() < 0.3:
        return chance.choice(_NICKNAMES).format(_given(chance)[-1])
    return full_name(chance)


def _given(chance: Random) -> str:
    return "".join(chance.sample(_GIVEN, chance.choice([1, 2, 2])))


def _orders(keen: float, chance: Random) -> int:
    if chance.random() >= percent("first_order_percent") * (0.5 + keen):
        return 0
    count = 1
    while count < 12 and chance.random() < percent("more_orders_percent"):
        count += 1
    return count
