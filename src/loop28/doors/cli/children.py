"""The processes that `loop28 serve` starts: kept running, stopped together, never left behind."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

import click

LOOK_EVERY = 0.2  # seconds
TOO_SOON = 3.0  # seconds: who ends earlier than this cannot start at all
PATIENCE = 25.0  # seconds all children together have to finish what they are doing


class Child:
    """A process with a name for people."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self._command, env=self._environment, preexec_fn=end_with_parent
        )

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def finish(self, until: float) -> bool:
        """Wait for its end; kill it, and say so, when it is not over by ``until`` (monotonic)."""
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            click.echo(f"The {self.name} did not end in time and was killed.", err=True)
            self.process.kill()
            self.process.wait()
            return False
        return True


def look_after(children: Sequence[Child]) -> int:
    """Start again whoever ends, until SIGTERM or SIGINT stops all; the exit code.

    A child that ends right after its start would do so for ever: then all stop with code 1, as when
    one has to be killed.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    code = 0
    while not stop.wait(LOOK_EVERY):
        for child in (child for child in children if child.ended):
            click.echo(f"The {child.name} ended with code {child.process.returncode}.", err=True)
            if time.monotonic() - child.started < TOO_SOON:
                code = 1
                stop.set()
            else:
                child.start()
    for child in children:
        child.process.terminate()
    until = time.monotonic() + PATIENCE
    in_time = [child.finish(until) for child in children]
    return code if all(in_time) else 1


def end_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent dies, however it dies; elsewhere there is no such."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
