"""Who takes consent back is sent nothing more, not even what was queued before."""

from datetime import timedelta

import pytest

from loop28.front.groups.models import Notice
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.jobs import run_due
from loop28.middle.members import actions as members
from tests.front.groups.test_notices import at, heard, line, tell, who
from tests.line_kit import group, local

pytestmark = pytest.mark.django_db
__all__ = ["at", "line", "who"]


def later(at, moment):
    """A minute of the worker's rounds, and the next day's, too."""
    for seconds in (0, 1, 30, 60, 43_200, 86_400, 129_600):
        at(moment + timedelta(seconds=seconds))
        run_due(clock.now())


def test_what_waits_for_the_morning_is_never_sent(line, who, at):
    at(local(1, 23))
    tell(line, who, "甲")
    assert Notice.objects.get().sent_at is None
    members.withdraw_consent(Actor(Role.MEMBER, who), who)
    assert Notice.objects.get().dropped_at == local(1, 23)
    later(at, local(1, 23))
    assert heard(who) == []


def test_what_waits_for_its_minute_is_never_sent(line, who, at, django_capture_on_commit_callbacks):
    at(local(1, 12))
    with django_capture_on_commit_callbacks(execute=True):
        tell(line, who, "甲")
        tell(line, who, "乙")
    assert heard(who) == ["关于甲", "关于乙"] or heard(who) == ["关于甲"]
    before = heard(who)
    at(local(1, 12, 0, 5))
    tell(line, who, "丙")
    members.withdraw_consent(Actor(Role.MEMBER, who), who)
    later(at, local(1, 12, 0, 5))
    assert heard(who) == before


def test_what_was_queued_in_the_moment_of_the_withdrawal_is_not_sent(line, who, at):
    """Somebody looked at the consent before, and wrote after."""
    at(local(1, 12))
    members.withdraw_consent(SYSTEM, who)
    Notice.objects.create(
        key="late", member_id=who, group_id=group(line), text="迟", planned_at=clock.now()
    )
    later(at, local(1, 12))
    assert heard(who) == []
    assert Notice.objects.get().dropped_at == local(1, 12)


def test_who_agrees_again_hears_what_comes_after_that(line, who, at):
    at(local(1, 23))
    tell(line, who, "甲")
    members.withdraw_consent(SYSTEM, who)
    members.give_consent(Actor(Role.MEMBER, who), who)
    tell(line, who, "乙")
    later(at, local(1, 23))
    assert heard(who) == ["关于乙"]
