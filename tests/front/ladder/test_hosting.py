"""Who may host: trained, with few complaints, one or several lines at once by level."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups.models import Complaint, Group, Message
from loop28.front.ladder import actions, hosting, queries, refusals, replacing, rules
from loop28.front.ladder.models import Graduate, Promotion
from loop28.front.ladder.rules import Bar, Run
from loop28.front.lines.models import Line
from loop28.front.playbooks import actions as playbooks
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from tests.line_kit import SMALL, START, live_until, local, open_line, people, region, seated
from tests.races import together

DAY = date(2026, 3, 2)
WANTED = Run(DAY, 28)


class TestTheRule:
    def test_asks_for_the_training_first(self):
        assert rules.bar(None, WANTED, [], 0) is Bar.TRAINING

    @pytest.mark.parametrize("level", rules.LEVELS)
    def test_lets_a_level_run_so_many_lines_at_once(self, level):
        most = rules.LINES_AT_ONCE[level]
        assert rules.bar(level, WANTED, [WANTED] * (most - 1), 0) is None
        assert rules.bar(level, WANTED, [WANTED] * most, 0) is Bar.BUSY

    def test_pauses_who_has_many_complaints(self):
        assert rules.bar(rules.OWNER, WANTED, [], rules.COMPLAINTS) is None
        assert rules.bar(rules.OWNER, WANTED, [], rules.COMPLAINTS + 1) is Bar.COMPLAINTS

    def test_counts_only_lines_that_run_on_the_same_days(self):
        before, after = Run(DAY - timedelta(days=28), 28), Run(DAY + timedelta(days=28), 28)
        assert rules.bar(rules.OWNER, WANTED, [before, after], 0) is None
        last_day = Run(DAY - timedelta(days=27), 28)
        assert rules.bar(rules.OWNER, WANTED, [last_day], 0) is Bar.BUSY

    runs = st.builds(
        Run, st.integers(-60, 60).map(lambda n: DAY + timedelta(days=n)), st.integers(1, 40)
    )

    @given(runs, runs)
    def test_two_runs_meet_when_they_share_a_day(self, one, other):
        days = [{run.first + timedelta(days=n) for n in range(run.days)} for run in (one, other)]
        assert one.meets(other) == other.meets(one) == bool(days[0] & days[1])

    @given(st.lists(runs), st.sampled_from(rules.LEVELS))
    def test_one_line_more_never_sets_anybody_free(self, bound, level):
        if rules.bar(level, WANTED, bound, 0):
            assert rules.bar(level, WANTED, [*bound, WANTED], 0)


def appointed(level="owner"):
    (member,) = people(1, "店主")
    actions.appoint(SYSTEM, member, level, "first")
    return member


def opens(host, start=START, **changes):
    wish = {
        "region": region().pk,
        "playbook": playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        "start_day": start,
        "host": host,
        "size": 20,
        "budget_fen": 100_000,
    }
    return hosting.open_line(SYSTEM, **wish | changes)


@pytest.mark.django_db
class TestOpening:
    def test_takes_who_was_appointed(self, at):
        host = appointed()
        assert opens(host).host_id == host

    def test_refuses_a_newcomer_and_an_owner_whose_training_still_runs(self, at):
        line = open_line()
        (ann,) = seated(line, 1)
        with pytest.raises(refusals.TrainingFirst) as no:
            opens(ann)
        assert no.value.field == "host"
        Promotion.objects.create(
            member_id=ann,
            level="owner",
            line=line,
            state="granted",
            proposed_at=clocks.now(),
            decided_at=clocks.now(),
        )
        with pytest.raises(refusals.TrainingFirst):
            opens(ann)
        live_until(local(5, 22))
        assert opens(ann, local(9, 12).date()).host_id == ann

    def test_refuses_the_second_line_of_an_owner_and_the_fourth_of_a_supervisor(self, at):
        owner, supervisor = appointed(), appointed("supervisor")
        opens(owner)
        with pytest.raises(refusals.HostRunsEnough):
            opens(owner, START + timedelta(days=1))
        for day in range(3):
            opens(supervisor, START + timedelta(days=day))
        with pytest.raises(refusals.HostRunsEnough):
            opens(supervisor, START + timedelta(days=3))
        assert opens(owner, START + timedelta(days=5)).host_id == owner  # the small one has 5 days

    def test_refuses_one_who_runs_enough_as_the_new_host_of_a_running_line(self, at):
        line, busy, free = open_line(), appointed(), appointed()
        opens(busy)
        with pytest.raises(refusals.HostRunsEnough):
            replacing.replace_host(SYSTEM, line.pk, busy, "病了")
        replacing.replace_host(SYSTEM, line.pk, free, "病了")
        line.refresh_from_db()
        assert line.host_id == free

    def test_pauses_a_host_of_whom_people_complained_and_were_right(self, at):
        line, host = open_line(), appointed()
        group_of = Group.objects.filter(phase__line=line).first()
        Group.objects.filter(pk=group_of.pk).update(host=host)

        def complaint(decision, by=None, **about):
            Complaint.objects.create(
                key=f"{Complaint.objects.count()}",
                group=group_of,
                by_id=by or line.host_id,
                cause="insult",
                first="region",
                at=clocks.now(),
                decision=decision,
                decided_at=clocks.now(),
                **about,
            )

        said = Message.objects.create(
            group=group_of,
            platform="house",
            external_id="x",
            member_id=host,
            as_host=True,
            kind="text",
            text="…",
            at=clocks.now(),
        )
        for _ in range(3):
            complaint("unfounded")
            complaint("down", message=said, about_id=host)  # three people, one message
        complaint("settled")
        assert queries.complaints([host], clocks.now()) == {host: 2}
        assert opens(host).host_id == host
        complaint("settled")
        with pytest.raises(refusals.TooManyComplaints):
            opens(host, START + timedelta(days=20))
        at(clocks.now() + timedelta(days=rules.COMPLAINTS_DAYS, seconds=1))
        later = local(1, 12) + timedelta(days=rules.COMPLAINTS_DAYS + 3)
        assert opens(host, later.date()).host_id == host

    def test_names_the_lines_of_all_who_bring_people_as_parents(self, at):
        parent = open_line()
        host, (ann,) = appointed(), seated(parent, 1)
        Graduate.objects.create(line=parent, member_id=ann, tasks=1, orders=1, at=clocks.now())
        child = opens(host, START + timedelta(days=9), inviters=[ann])
        assert list(child.parents.all()) == [parent]


@pytest.mark.django_db(transaction=True)
def test_an_owner_asked_from_many_sides_opens_one_line(at):
    host, number = appointed(), playbooks.publish(SYSTEM, SMALL.read_text()).pk
    place = region().pk
    days = [START + timedelta(days=n) for n in range(4)]
    came = together(*(lambda day=d: opens(host, day, region=place, playbook=number) for d in days))
    assert sum(isinstance(one, Line) for one in came) == 1
    assert sum(isinstance(one, refusals.HostRunsEnough) for one in came) == 3
    assert queries.trained([host]) == {host: "owner"}


@pytest.mark.django_db
def test_many_are_barred_by_the_rule_that_bars_one_in_as_many_statements(at):
    free, busy, helped = appointed(), appointed(), appointed("supervisor")
    opens(busy)
    opens(helped)
    (newcomer,) = people(1)
    wanted = Run(START + timedelta(days=2), 5)
    with CaptureQueriesContext(connection) as one:
        assert hosting.barred([free], wanted, clocks.now()) == {}
    with CaptureQueriesContext(connection) as many:
        found = hosting.barred([free, busy, helped, newcomer], wanted, clocks.now())
    assert found == {busy: Bar.BUSY, newcomer: Bar.TRAINING}
    assert len(many) == len(one)
    for host in (free, busy, helped, newcomer):
        why = None
        try:
            hosting.require_may_host(SYSTEM, host, wanted.first, wanted.days)
        except refusals.HostRunsEnough:
            why = Bar.BUSY
        except refusals.TrainingFirst:
            why = Bar.TRAINING
        assert found.get(host) is why
