"""A line graduates: who came to its end, with what they did, and the paper that says so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from loop28.front.groups.models import Message, Outgoing
from loop28.front.ladder import actions, queries
from loop28.front.ladder.models import Graduate, Promotion
from loop28.front.lines import actions as lines
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from tests.front.ladder.kit import OVER, does, level, sells
from tests.front.tasks.kit import open_line, own, passing
from tests.line_kit import group, live_until, local, people, region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


class TestGraduation:
    @pytest.fixture
    def members(self, line):
        members = passing(line, 4)
        _, newcomer, owner, supervisor = members
        does(line, [owner, supervisor], 3)
        does(line, [newcomer], 1)
        live_until(local(4, 9))
        does(line, [supervisor], 2)
        sells(owner)
        sells(supervisor, number=2)
        return members

    def test_writes_down_everybody_who_passed_and_stayed_with_what_they_did(self, line, members):
        lines.leave(SYSTEM, line.pk, members[1])
        live_until(OVER)
        found = Graduate.objects.order_by("member_id").values_list("member_id", "tasks", "orders")
        idle, _, owner, supervisor = members
        assert list(found) == [(idle, 0, 0), (owner, 3, 1), (supervisor, 5, 2)]
        assert queries.graduated_by_line([line.pk]) == {line.pk: 3}
        assert Entry.objects.get(kind="Graduated").data == {"line": line.pk, "count": 3}
        assert queries.graduated_lines(members) == {m: [line.pk] for m in (idle, owner, supervisor)}

    def test_leaves_supervisors_for_a_person_to_decide(self, line, members):
        assert queries.proposals(SYSTEM).count() == 1  # in the moment the last number was reached
        live_until(OVER)
        assert level(*members) == [None, None, "owner", "owner"]
        (proposal,) = queries.proposals(SYSTEM)
        assert (proposal.member_id, proposal.level) == (members[3], "supervisor")
        assert proposal.numbers == {"tasks": 5, "orders": 2, "needs": {"tasks": 5, "orders": 2}}
        assert queries.made_by_line([line.pk]) == {line.pk: {"owner": 2}}

    def test_says_so_once_in_the_last_group(self, line, members):
        live_until(OVER)
        key = f"graduation:{line.pk}"
        notice = Outgoing.objects.get(key=key)
        assert (notice.group_id, notice.kind) == (group(line, 2), "notice")
        counts = [word for word in notice.text if word.isdigit()]
        assert counts == ["4", "2", "1"]
        assert Message.objects.filter(text=notice.text).count() == 1

    def test_again_changes_nothing(self, line, members):
        live_until(OVER)
        before = [list(m.objects.order_by("id").values()) for m in (Graduate, Promotion, Outgoing)]
        assert actions.graduate(SYSTEM, line.pk) == 0
        assert before == [
            list(m.objects.order_by("id").values()) for m in (Graduate, Promotion, Outgoing)
        ]
        assert Entry.objects.filter(kind="Graduated").count() == 1

    def test_of_a_line_in_which_nobody_passed_is_quiet(self, line):
        live_until(OVER)
        assert not Graduate.objects.exists()
        assert not Outgoing.objects.filter(key__startswith="graduation").exists()

    def test_of_500_costs_a_handful_of_statements(self, line):
        crowd = passing(line, 500, local(3, 8, 31))
        rows = Assignment.objects.filter(line=line)
        tasks.complete(SYSTEM, [(row.pk, "test") for row in rows])
        with CaptureQueriesContext(connection) as statements:
            sells(*crowd)
        promoted = len(statements)
        assert set(level(*crowd)) == {"owner"}
        with CaptureQueriesContext(connection) as statements:
            assert actions.graduate(SYSTEM, line.pk) == 500
        assert len(statements) <= 25
        assert promoted <= 500 + 40  # the test looks each order up once


class TestCertificates:
    @pytest.fixture
    def member(self, line):
        (member,) = passing(line, 1)
        does(line, [member], 3)
        sells(member)
        assert queries.certificate(own(member), member) is None
        live_until(OVER)
        return member

    def test_say_what_was_done_in_which_line(self, line, member):
        paper = queries.certificate(own(member), member)
        assert paper == queries.certificate(own(member), member, line.pk)
        assert (paper.tasks, paper.orders, paper.level) == (3, 1, "owner")
        assert (paper.line, paper.host, paper.region) == ("HD-260302", "店主0", "大区HD")
        assert (paper.last_day - paper.first_day).days == 4
        assert paper.programme == "五天小打法"

    def test_are_seen_by_insiders_and_nobody_else(self, line, member):
        insiders = [
            own(line.host_id),
            Actor(Role.REGION_MANAGER, 1, line.region_id),
            Actor(Role.AUDITOR, 1),
        ]
        outsiders = [
            own(people(1)[0]),
            Actor(Role.REGION_MANAGER, 1, region("HN").pk),
            Actor(Role.MACHINE, 1),
        ]
        for actor in insiders:
            assert queries.certificate(actor, member) is not None
            assert queries.graduates(actor, line.pk).count() == 1
            assert queries.of_member(actor, member).count() == 1
        for actor in outsiders:
            assert queries.certificate(actor, member) is None
            assert not queries.graduates(actor, line.pk).exists()
            assert not queries.of_member(actor, member).exists()
        assert not queries.graduates(own(member), line.pk).exists()


def test_the_notice_is_in_the_language_of_the_playbook(line):
    with translation.override("en"):
        passing(line, 2)
        live_until(OVER)
    text = Outgoing.objects.get(key=f"graduation:{line.pk}").text
    with translation.override("zh-hans"):
        assert text == actions.notice_text({"graduates": 2, "owners": 0, "supervisors": 0})
