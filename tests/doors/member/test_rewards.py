"""A member sees what became of each reward, and why what did not come did not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.actions import Finding
from loop28.back.compliance.models import Strength
from loop28.front.lines.models import Line
from loop28.front.rewards import actions
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.line_kit import people, seated
from tests.phones import phone, text_of


@pytest.fixture
def me(line: Line) -> int:
    """Somebody with a coupon, a paid, a held, a capped and a reversed reward."""
    (number,) = seated(line, 1)
    grants = [
        Grant("paid", line.pk, number, "money", 300, "写三句感受"),
        Grant("held", line.pk, number, "money", 500, "头一单", hold_days=7),
        Grant("lost", line.pk, number, "money", 120, "请人来看"),
        Grant("code", line.pk, number, "coupon", 0, "满五十减五"),
        Grant("a", line.pk, number, "money", 70, "先到", task="quiz", limits={"first": 1}),
        Grant("b", line.pk, number, "money", 90, "后到", task="quiz", limits={"first": 1}),
    ]
    actions.grant(SYSTEM, grants)
    actions.void(SYSTEM, ["lost"])
    return number


def _story(reference: str) -> str:
    return f"/wallet/rewards/{Entitlement.objects.get(reference=reference).pk}"


def test_the_wallet_says_how_far_each_is_and_what_will_be_set_off(me: int) -> None:
    page = text_of(phone(me).get("/wallet"))
    assert "可提现" in page
    assert f"{yuan(120)} 会从你之后的任务奖励里抵扣" in page
    assert "为你留到" in page
    assert "名额已经满了" in page
    assert Entitlement.objects.get(reference="code").code in page


def test_each_reward_has_a_story(me: int) -> None:
    client = phone(me)
    assert "进了钱包，可提现" in text_of(client.get(_story("paid")))
    assert "冻结中" in text_of(client.get(_story("held")))
    assert "名额已经满了" in text_of(client.get(_story("b")))
    lost = text_of(client.get(_story("lost")))
    assert "已收回" in lost
    assert "会从之后的奖励里抵扣" in lost
    code = text_of(client.get(_story("code")))
    assert Entitlement.objects.get(reference="code").code in code


def test_only_whose_rewards_are_frozen_reads_that_somebody_looks(
    me: int, at: Callable[[datetime], None]
) -> None:
    client, looking = phone(me), "先为你留着，我们正在核对"
    at(clock.now() + timedelta(days=7, seconds=1))  # the worker comes in a moment
    assert looking not in text_of(client.get("/wallet"))
    assert "核实中" not in text_of(client.get(_story("held")))
    compliance.freeze(SYSTEM, [Finding(me, "velocity", Strength.HOLD, {})])
    assert looking in text_of(client.get("/wallet"))
    assert "核实中" in text_of(client.get(_story("held")))


def test_nobody_else_reads_it(me: int, line: Line) -> None:
    (stranger,) = people(1)
    for other in (stranger, line.host_id):
        assert phone(other).get(_story("paid")).status_code == 404
    assert phone(me).get("/wallet/rewards/999999").status_code == 404
