"""Plays the rehearsals that were asked for, one at a time, beside the worker and below it.

A line is played by ``loop28 rehearse`` in a process of its own, over a database of its own, with
the lowest priority: nothing that is due waits for it. It ends with the worker, or when it takes too
long.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import close_old_connections, connection

from loop28.front.playbooks import queries, rehearsals
from loop28.front.playbooks.models import Rehearsal
from loop28.front.playbooks.rehearsals import Why
from loop28.kernel.access import SYSTEM

logger = logging.getLogger(__name__)

LOOK_EVERY = 3.0  # seconds
LINE_MAX = 1200.0  # seconds one line may take, on a machine that has much else to do
"""Shorter than `rehearsals.GONE_AFTER`: who is believed gone must be."""

LOWEST = 19


class Stopped(Exception):  # noqa: N818  it is no error
    """The worker ends."""


def rehearse_until(stop: threading.Event) -> None:
    """Play what is asked for until ``stop`` is set."""
    while not stop.wait(LOOK_EVERY):
        try:
            close_old_connections()
            rehearse_next(stop)
        except Exception:  # a database that is away, for one: look again
            logger.exception("rehearsals cannot be looked after")
    connection.close()


def rehearse_next(stop: threading.Event) -> bool:
    """Play the rehearsal that waits longest; False when none does."""
    asked = rehearsals.begin(SYSTEM) if queries.rehearsal_waits(SYSTEM) else None
    if asked is None:
        return False
    try:
        with TemporaryDirectory(prefix="loop28-rehearsal-") as folder:
            for seed in range(len(asked.reports) + 1, rehearsals.SEEDS + 1):
                report = _play(asked, Path(folder), seed, stop)
                rehearsals.tell(SYSTEM, asked.pk, seed, report)
    except Stopped:
        rehearsals.put_back(SYSTEM, asked.pk)
    except subprocess.TimeoutExpired:
        rehearsals.fail(SYSTEM, asked.pk, Why.TIME)
    except (subprocess.CalledProcessError, OSError, ValueError):
        logger.exception("rehearsal %s cannot be played", asked.pk)
        rehearsals.fail(SYSTEM, asked.pk, Why.BROKEN)
    return True


def _play(asked: Rehearsal, folder: Path, seed: int, stop: threading.Event) -> dict[str, Any]:
    """What ``loop28 rehearse --json`` prints for one line."""
    playbook, out = folder / "playbook.yaml", folder / "report.json"
    playbook.write_text(asked.text, encoding="utf-8")
    command = [sys.executable, "-m", "loop28.doors.cli.main", "rehearse", str(playbook), "--json"]
    command += ["--members", str(asked.seats), "--seed", str(seed)]
    command += ["--db", f"sqlite:///{folder / f'{seed}.sqlite3'}"]
    environment = os.environ | {"LOOP28_HOME": str(folder)}
    with out.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, env=environment)  # noqa: S603
        try:
            os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)
            _wait(process, stop)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def _wait(process: "subprocess.Popen[bytes]", stop: threading.Event) -> None:
    """Until it ends; not longer than a line may take, and not longer than the worker runs."""
    began = time.monotonic()
    while process.poll() is None:
        if stop.wait(0.2):
            raise Stopped
        if time.monotonic() - began > LINE_MAX:
            raise subprocess.TimeoutExpired(process.args, LINE_MAX)
