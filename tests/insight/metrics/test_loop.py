"""Which line came from which: each child has one mother, and counts within sixty days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.ladder.models import Graduate
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.insight.metrics import hosting, loop
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import SMALL, live_until, local, people, region, seated

pytestmark = pytest.mark.django_db
END = local(5, 21)


@pytest.fixture(autouse=True)
def clock(at):
    return at


def line_of(host, opened, *, ended=None, code="HD"):
    """A line, opened then and perhaps over."""
    return Line.objects.create(
        code=f"{code}-{Line.objects.count()}",
        region=region(code),
        playbook_id=playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        host_id=host,
        start_day=opened.date(),
        days=5,
        size=20,
        opened_at=opened,
        ended_at=ended,
    )


def graduates(line, *members):
    for member in members:
        Graduate.objects.create(line=line, member_id=member, tasks=3, orders=1, at=line.ended_at)


def found(now, actor=SYSTEM):
    return {link.line.pk: link for link in loop.links(actor, now)}


@pytest.fixture
def mother():
    line = line_of(people(1)[0], local(0, 12), ended=END)
    graduates(line, *people(3))
    return line


def hosts_of(line):
    return list(line.graduates.order_by("member_id").values_list("member_id", flat=True))


def test_a_line_whose_host_finished_another_is_its_child_for_sixty_days(mother):
    ann, ben, cis = hosts_of(mother)
    in_time = line_of(ann, END + timedelta(days=60))
    line_of(ben, END + timedelta(days=60, seconds=1))
    line_of(cis, END - timedelta(seconds=1))  # opened before its host had finished
    link = found(END + timedelta(days=61))[mother.pk]
    assert [child.pk for child in link.children] == [in_time.pk]
    assert link.exposure == 1


def test_who_finished_two_lines_has_one_mother_the_later(mother):
    (ann, *_rest) = hosts_of(mother)
    second = line_of(people(1)[0], local(1, 12), ended=END + timedelta(days=9))
    graduates(second, ann)
    between = line_of(ann, END + timedelta(days=3))
    after = line_of(ann, END + timedelta(days=20))
    links = found(END + timedelta(days=30))
    assert [child.pk for child in links[mother.pk].children] == [between.pk]
    assert [child.pk for child in links[second.pk].children] == [after.pk]
    assert (links[between.pk].mother, links[after.pk].mother) == (mother.pk, second.pk)


def test_a_line_that_was_stopped_says_nothing_of_the_loop(mother):
    now = END + timedelta(days=60)
    assert loop.estimate(loop.links(SYSTEM, now)).lines == 1
    Line.objects.filter(pk=mother.pk).update(stopped_at=END)
    assert loop.estimate(loop.links(SYSTEM, now)) is None


def test_few_lines_and_many_cost_the_same_number_of_statements(mother):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            loop.links(SYSTEM, END)
        return len(asked)

    few = statements()
    for member in hosts_of(mother):
        line_of(member, END + timedelta(days=3)).parents.set([mother])
    assert statements() == few


def test_those_who_only_bring_people_make_parents_but_no_children(mother):
    child = line_of(people(1)[0], END + timedelta(days=3))
    child.parents.set([mother])
    links = found(END + timedelta(days=60))
    assert (links[child.pk].parents, links[child.pk].mother) == ([mother.pk], None)
    assert links[mother.pk].children == []


def test_a_region_sees_its_own_lines_and_counts_children_everywhere(mother):
    ann, *_rest = hosts_of(mother)
    line_of(ann, END + timedelta(days=3), code="HN")
    manager = Actor(Role.REGION_MANAGER, 1, region("HD").pk)
    links = found(END + timedelta(days=60), manager)
    assert list(links) == [mother.pk]
    assert len(links[mother.pk].children) == 1


def test_lines_are_grouped_by_region_and_by_the_tier_most_people_come_from(mother):
    other = line_of(people(1)[0], local(0, 12), ended=END, code="HN")
    now = END + timedelta(days=60)
    links = loop.links(SYSTEM, now)
    by_region = loop.estimates(links, lambda link: link.line.region_id)
    assert {n: e.lines for n, e in by_region.items()} == {mother.region_id: 1, other.region_id: 1}
    assert loop.estimate(links).lines == 2
    assert loop.estimate([]) is None


def test_the_tier_is_the_one_most_people_come_from(line):
    comers = seated(line, 5)
    for member, tier in zip(comers, (3, 3, 2, None, None), strict=True):
        line.enrollments.filter(member_id=member).update(tier=tier)
    assert found(local(0, 13))[line.pk].tier == 3
    line.enrollments.filter(tier=3).update(tier=None)
    line.enrollments.filter(tier=2).update(tier=None)
    assert found(local(0, 13))[line.pk].tier is None


def _record(actor, host):
    return hosting.record(actor, host, clocks.now())


def test_a_record_is_what_came_of_the_lines_somebody_hosted(line):
    seated(line, 4)
    host = Actor(Role.MEMBER, line.host_id)
    assert (_record(host, line.host_id).asked, _record(host, 0).lines) == (0, [])
    live_until(local(2, 20, 1))
    (link,) = (m for m in line.enrollments.all()[:1])
    line.opt_ins.create(member=link.member, via="button", at=local(2, 20))
    live_until(local(5, 22))
    found_ = _record(host, line.host_id)
    assert (found_.over, found_.asked, found_.opted_in, found_.graduated) == (1, 4, 1, 1)
    elsewhere = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
    assert _record(elsewhere, line.host_id).lines == []
