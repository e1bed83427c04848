"""Every signed address opens what it was made for, until its end, and only as it was written."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from loop28.doors.member import joining
from loop28.front.events import queries as events
from loop28.kernel import clock, links
from loop28.kernel.links import LinkInvalid
from loop28.middle.members import queries as members

DOORS = {joining.PURPOSE: "/j/", members._LINK: "/m/", events._TICKET: "/ticket/"}
"""The purposes there are, and where their tokens are shown."""

SIGNS = "ABCabc019-_:.=~"


def _token(purpose: str, minutes: int = 5) -> str:
    return links.sign(purpose, 1, 1, until=clock.now() + timedelta(minutes=minutes))


@pytest.mark.django_db
@pytest.mark.parametrize(("made_for", "shown_at"), list(permutations(DOORS, 2)))
def test_what_was_made_for_one_door_opens_no_other(made_for: str, shown_at: str) -> None:
    with pytest.raises(LinkInvalid):
        links.read(shown_at, _token(made_for))
    assert Client().get(DOORS[shown_at] + _token(made_for)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", DOORS)
def test_what_has_ended_or_was_changed_opens_nothing(purpose: str) -> None:
    late, token = _token(purpose, minutes=-1), _token(purpose)
    assert Client().get(DOORS[purpose] + late).status_code == 410
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    for odd in (
        changed,
        token + "A",
        token * 50,
        token.upper(),
        "令牌",
        token.replace(":", "%3A%3A"),
    ):
        assert Client().get(DOORS[purpose] + odd).status_code == 404, odd


@given(st.integers(0, 60), st.sampled_from(SIGNS))
def test_one_sign_changed_anywhere_is_refused(place: int, sign: str) -> None:
    sample = links._signer("sample").sign_object([1, 1, 2_000_000_000])
    place %= len(sample)
    changed = sample[:place] + sign + sample[place + 1 :]
    if changed != sample:
        with pytest.raises(LinkInvalid):
            links.read("sample", changed)
