"""Where a talk was told and how the groups took it: by its words, not by a reference."""

from datetime import timedelta

import pytest

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.lines.models import Beat
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import queries as playbook_queries
from loop28.front.playbooks import rules as playbook_rules
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.schema import Talk
from loop28.insight.metrics import talks
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.content import actions as content
from loop28.middle.content import queries, rules
from tests.factories import region, staff
from tests.line_kit import SMALL, group, live_until, seated

pytestmark = pytest.mark.django_db
AUDITOR = Actor(Role.AUDITOR, 0)


@pytest.fixture
def plan(line):
    return playbook_queries.playbook(line.playbook_id)


@pytest.fixture
def version(plan):
    """The first talk of the line's playbook, in the library."""
    return content.take_in(SYSTEM, [talks.words(talks.talks(plan)[0])])[0]


def test_the_library_takes_what_a_playbook_takes():
    """The same bounds in two storeys, because the lower one cannot ask the higher."""
    said = Talk.model_json_schema()["properties"]["messages"]
    assert (said["minItems"], said["maxItems"]) == rules.MESSAGES
    assert (said["items"]["minLength"], said["items"]["maxLength"]) == rules.MESSAGE_LENGTH
    replies = Talk.model_json_schema()["properties"]["replies"]
    assert (replies["minItems"], replies["maxItems"]) == rules.REPLIES


def test_taking_a_playbook_in_twice_changes_nothing(plan):
    found = [talks.words(talk) for talk in talks.talks(plan)]
    assert content.take_in(SYSTEM, found) == content.take_in(SYSTEM, found)
    assert queries.talks(AUDITOR).count() == len({words.topic for words in found})


def test_a_talk_copied_into_a_playbook_is_known_again_by_its_words(version):
    from loop28.doors.console.talks import beat_text

    beat = beat_text(queries.words(version)).replace("20:00", "08:00")
    text = SMALL.read_text().replace("\nbeats:\n", f"\nbeats:\n{beat}")
    assert playbook_rules.check(read(text)) == []
    published = playbooks.publish(SYSTEM, text)
    assert published.pk in talks.in_playbooks(AUDITOR)[version.digest]


def test_before_it_is_told_a_talk_has_a_line_and_no_reaction(line, version):
    (use,) = talks.uses(AUDITOR, [version.digest], 10)
    assert (use.line, use.heard) == (line, None)


def test_the_reaction_is_what_members_wrote_in_the_hour_after_its_question(line, version, at):
    first, second, third = seated(line, 3)
    question = Beat.objects.filter(line=line, payload__question=True).order_by("due_at").first()
    assert question is not None
    live_until(question.due_at)
    groups.receive(
        SYSTEM,
        [
            said(line, first, "先前的话", question.due_at - timedelta(minutes=1)),
            said(line, first, "打酱油", question.due_at + timedelta(minutes=5)),
            said(line, first, "还有糖", question.due_at + timedelta(minutes=6)),
            said(line, second, "布鞋", question.due_at + timedelta(minutes=59)),
            said(line, third, "来晚了", question.due_at + timedelta(minutes=61)),
        ],
    )
    (use,) = talks.uses(AUDITOR, [version.digest], 10)
    assert use.heard is not None
    assert (use.heard.messages, use.heard.people, use.heard.active) == (3, 2, 3)
    assert use.day == question.day


def said(line, member, text, when):
    return Incoming("house", f"{member}:{text}", group(line), member, text, when)


def test_a_manager_sees_the_lines_of_their_region_only(line, version):
    assert talks.uses(staff(Role.REGION_MANAGER, line.region).actor, [version.digest], 10)
    elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
    assert talks.uses(elsewhere, [version.digest], 10) == []
