"""What a line's rewards came to, one by one, and how far its caps are used up."""

import pytest

from loop28.front.rewards import actions
from loop28.front.rewards.actions import Grant
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.line_kit import people, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(line):
    """A paid and a capped reward, and one that was taken back after it was paid."""
    (member,) = people(1, "林小满")
    limits = {"line": 500, "first": 2, "budget": 900}
    actions.grant(
        SYSTEM,
        [
            Grant(name, line.pk, member, "money", fen, name, task=task, budget="a", limits=limits)
            for name, fen, task in (("甲", 300, "quiz"), ("乙", 250, "quiz"), ("丙", 120, "tick"))
        ],
    )
    actions.void(SYSTEM, ["丙"])
    return line


def test_the_budget_page_tells_what_was_cut_off_what_is_owed_and_the_caps(desk, granted):
    page = desk().get(f"/console/lines/{granted.pk}/budget").content.decode()
    assert "Not paid: over a cap" in page
    assert yuan(250) in page
    assert "still owed" in page
    assert yuan(120) in page
    for words in ("All rewards of the line", "Part «a» of the budget", "Places of «一道小题»"):
        assert words in page


@pytest.mark.parametrize(
    ("state", "there", "not_there"),
    [
        ("", "甲乙丙", ""),
        ("settled", "甲", "乙丙"),
        ("capped", "乙", "甲丙"),
        ("reversed", "丙", "甲乙"),
    ],
)
def test_rewards_are_listed_by_where_they_stand(desk, granted, state, there, not_there):
    page = desk().get(f"/console/lines/{granted.pk}/rewards?state={state}&kind=money")
    assert {reward.title for reward in page.context["page"].object_list} == set(there)


def test_who_does_not_see_the_line_does_not_see_its_rewards(desk, granted):
    own = desk("region_manager", granted.region)
    other = desk("region_manager", region("HN"))
    where = f"/console/lines/{granted.pk}/rewards?state=nonsense"
    assert (own.get(where).status_code, other.get(where).status_code) == (200, 404)


def test_the_journal_tells_it_in_sentences(desk, granted):
    (member,) = {g.member_id for g in granted.entitlements.all()}
    actions.grant(SYSTEM, [Grant("丁", granted.pk, member, "money", 50)])
    page = desk().get(f"/console/lines/{granted.pk}/journal?topic=money").content.decode()
    assert "was taken back after it was paid" in page
    assert "went back for an older one" in page
    assert "which a cap cut off" in page
