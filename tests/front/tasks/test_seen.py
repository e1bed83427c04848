"""What the product sees itself moves measured tasks: check-ins, and words in a line's groups."""

import pytest

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.tasks.models import Happening
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from tests.front.tasks import kit
from tests.front.tasks.kit import assignment, open_line, own, passing
from tests.line_kit import live_until, local, says

pytestmark = pytest.mark.django_db
OPEN = local(4, 8, 30)


@pytest.fixture(autouse=True)
def move(at):
    return at


def line_that_counts(fact):
    """Its third task of day 4 counts two different subjects of this fact."""
    measured = f"kind: measured\n    measure: {{fact: {fact}, count: distinct, at_least: 2}}"
    two_days = ("10s\n    window: 1d", "10s\n    target: 2\n    window: 2d")
    return open_line(("kind: tick", measured), two_days, ('"2.00"', '"1.00"'))


def circle(host, line):
    """A group that belongs to no line."""
    zone = line.region.zone
    made = groups.open_group(SYSTEM, name="读书会", host=host, region=line.region_id, zone=zone)
    return made.pk


def progress(line, member):
    return assignment(line, member, "own-words").progress


def test_a_check_in_counts_once_a_day_for_a_task_that_counts_them():
    line = line_that_counts("checkin")
    (member,) = passing(line, 1, OPEN)
    for _tap in range(2):
        kit.check_in(own(member), line.pk)
    assert progress(line, member) == 1
    live_until(local(5, 8))
    kit.check_in(own(member), line.pk)
    assert progress(line, member) == 2
    assert assignment(line, member, "own-words").done_at == clocks.now()


def test_a_message_counts_in_the_groups_of_its_line_alone():
    line = line_that_counts("message")
    member, quiet = passing(line, 2, OPEN)
    elsewhere = circle(member, line)
    said = says(line, member, "我先说一句", OPEN)
    away = Incoming("house", "away", elsewhere, member, "这里不算", OPEN)
    groups.receive(SYSTEM, [said, away, says(line, quiet, "我也来", OPEN)])
    groups.receive(SYSTEM, [said])
    assert (progress(line, member), progress(line, quiet)) == (1, 1)


def test_words_nobody_has_a_task_for_are_not_kept_as_facts():
    line = open_line()
    (member,) = passing(line, 1, OPEN)
    groups.receive(SYSTEM, [says(line, member, "大家好", OPEN)])
    assert not Happening.objects.filter(kind="message").exists()
