from hypothesis import given
from hypothesis import strategies as st

from loop28.back.people import rules
from loop28.kernel.access import Role


@given(st.text())
def test_a_username_is_either_none_or_stands_for_itself(raw: str) -> None:
    name = rules.username(raw)
    assert name is None or (name.isascii() and rules.username(name) == name)


def test_only_region_managers_are_bound() -> None:
    assert rules.region_fits(Role.REGION_MANAGER, 1)
    assert not rules.region_fits(Role.REGION_MANAGER, None)
    assert rules.region_fits(Role.AUDITOR, None)
    assert not rules.region_fits(Role.AUDITOR, 1)
