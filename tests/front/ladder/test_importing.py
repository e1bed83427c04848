"""Shop owners come in with a file, and may host from then on."""

import pytest

from loop28.front.ladder import actions, importing, pool, queries
from loop28.front.ladder.models import Level, Promotion, PromotionState
from loop28.front.ladder.refusals import NoSuchLevel, StepWaits
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.tables import Row, State

pytestmark = pytest.mark.django_db


def rows(*cells):
    return [
        Row(line, {"id": id_, "name": name, "level": level})
        for line, (id_, name, level) in enumerate(cells, 2)
    ]


def take_in(*cells):
    return importing.take_in(SYSTEM, rows(*cells))


def test_owners_and_supervisors_by_any_of_their_names_are_in_the_pool():
    words = ["owner", "店主", "Shop owner", "主管店主", "SUPERVISOR"]
    outcomes = take_in(*[(f"A-{n}", f"店主{n}", word) for n, word in enumerate(words)])
    assert [outcome.state for outcome in outcomes] == [State.NEW] * 5
    levels = [host.level for host in pool.hosts(SYSTEM)]
    assert levels == ["owner"] * 3 + ["supervisor"] * 2


def test_the_same_again_is_known_and_a_step_up_is_a_change():
    take_in(("A-1", "陈思远", "owner"))
    (again,) = take_in(("A-1", "陈思远", "owner"))
    (up,) = take_in(("A-1", "陈思远", "supervisor"))
    (never_down,) = take_in(("A-1", "陈思远", "owner"))
    assert [o.state for o in (again, up, never_down)] == [State.KNOWN, State.CHANGED, State.KNOWN]
    assert queries.level([up.number]) == {up.number: "supervisor"}
    assert Promotion.objects.count() == 2


def test_a_level_that_is_none_refuses_its_row():
    bad, good = take_in(("A-1", "陈思远", "king"), ("A-2", "王芳", "owner"))
    assert (type(bad.refusal), bad.refusal.field) == (NoSuchLevel, "level")
    assert good.state is State.NEW


def test_who_waits_for_a_decision_waits_on_and_nothing_of_the_row_is_written():
    (known,) = take_in(("A-1", "陈思远", "owner"))
    Promotion.objects.create(
        member_id=known.number,
        level=Level.SUPERVISOR,
        state=PromotionState.PROPOSED,
        proposed_at=clock.now(),
    )
    (outcome,) = take_in(("A-1", "陈思源", "supervisor"))
    assert type(outcome.refusal) is StepWaits
    assert [host.name for host in pool.hosts(SYSTEM)] == ["陈思远"]


def test_many_are_appointed_in_a_handful_of_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        take_in(*[(f"A-{n}", f"店主{n}", "owner") for n in range(500)])


def test_appointing_one_is_a_batch_of_one():
    (outcome,) = take_in(("A-1", "陈思远", "owner"))
    again = actions.appoint(SYSTEM, outcome.number, Level.OWNER, "店铺老板")
    assert again.reason != "店铺老板"
