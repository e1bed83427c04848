"""What a member's own group keeps about its owner."""

import pytest

from loop28.front.clubs import privacy
from loop28.front.groups.privacy import NO_NAME
from loop28.front.privacy import actions
from loop28.kernel.access import SYSTEM
from tests.front.clubs import kit

pytestmark = pytest.mark.django_db


def test_the_file_names_the_groups_one_built_and_erasure_takes_the_name(at):
    line = kit.building_line()
    owner = kit.learning(line)
    club = kit.opened(line, owner, "三楼的邻居")
    kit.guests(club, 2)
    groups, answers = privacy.about(SYSTEM, [owner])
    assert [row[1] for row in groups.rows] == ["三楼的邻居"]
    assert answers.rows == []
    actions.erase(SYSTEM, [owner])
    club.group.refresh_from_db()
    assert club.group.name == NO_NAME
