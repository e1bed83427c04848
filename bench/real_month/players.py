"""The people of the lines: those of a region live in a process of their own, all at one time."""

import os
import resource
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from multiprocessing import get_context
from multiprocessing.connection import Connection
from operator import attrgetter
from random import Random

from django.db import connection

from bench.real_month.clockwork import SharedClockwork, conduct
from loop28.doors.cli.children import end_with_parent
from loop28.kernel import chance as luck
from loop28.rehearsal.play import Plan, live
from loop28.rehearsal.stage import Stage
from loop28.rehearsal.world import World

NICE = 5
"""Whom the people keep waiting are they themselves: the house they live in goes before them."""


def perform(
    world: World, plans: Sequence[Plan], until: datetime, passes: Callable[[datetime], None]
) -> float:
    """Live the planned lines, a process for each region; the seconds of CPU that it took."""
    connection.close()  # nobody talks over another's
    fork = get_context("fork")
    pipes, players = [], []
    by_region = sorted(plans, key=attrgetter("region.pk", "start_day"))
    for region, of_region in groupby(by_region, attrgetter("region.pk")):
        ours, theirs = fork.Pipe()
        parts = (world, list(of_region), until, region, theirs)
        players.append(fork.Process(target=_play, args=parts))
        players[-1].start()
        theirs.close()
        pipes.append(ours)
    conduct(pipes, passes)
    before = _cpu_of_ended()
    for player in players:
        player.join()
    assert not any(player.exitcode for player in players), "somebody fell off the stage"
    return _cpu_of_ended() - before


def _play(
    world: World, plans: Sequence[Plan], until: datetime, seed: int, conductor: Connection
) -> None:
    end_with_parent()
    os.nice(NICE)
    luck.seed(seed)
    stage = Stage(world, Random(seed), SharedClockwork(conductor))
    live(stage, plans, until, lambda _: None)
    conductor.close()


def _cpu_of_ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
