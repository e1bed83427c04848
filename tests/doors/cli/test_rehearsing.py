"""A rehearsal that was asked for is played in a process of its own, and ends with the worker."""

import sys
import threading

import pytest

from loop28.doors.cli import rehearsing
from loop28.front.playbooks import drafts, rehearsals
from loop28.front.playbooks.models import Rehearsal, RehearsalState
from loop28.kernel.access import Role
from loop28.middle.members.models import Member
from tests import factories
from tests.front.playbooks.kit import SMALL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked():
    author = factories.staff(Role.MIDDLE).actor
    return rehearsals.ask(author, drafts.start(author, SMALL).pk)


def played():
    return Rehearsal.objects.get()


def test_lines_are_played_elsewhere_and_told_here(asked, monkeypatch):
    monkeypatch.setattr(rehearsals, "SEEDS", 2)
    assert rehearsing.rehearse_next(threading.Event())
    assert played().state == RehearsalState.DONE
    assert [report["audit"] for report in played().reports] == ["clean", "clean"]
    assert played().reports[0]["joined"] >= 15
    assert not Member.objects.exists()
    assert not rehearsing.rehearse_next(threading.Event())


def test_the_worker_does_not_wait_for_it(asked):
    stop = threading.Event()
    stop.set()
    assert rehearsing.rehearse_next(stop)
    assert (played().state, played().reports) == (RehearsalState.ASKED, [])


def test_what_takes_too_long_is_ended_and_says_so(asked, monkeypatch):
    monkeypatch.setattr(rehearsing, "LINE_MAX", 0)
    assert rehearsing.rehearse_next(threading.Event())
    assert (played().state, played().why) == (RehearsalState.FAILED, "time")


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true"])
def test_a_player_that_breaks_or_says_nothing_is_a_failure_with_a_reason(
    asked, monkeypatch, program
):
    monkeypatch.setattr(sys, "executable", program)
    assert rehearsing.rehearse_next(threading.Event())
    assert (played().state, played().why) == (RehearsalState.FAILED, "broken")
