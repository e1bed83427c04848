"""The house as an operator runs it, and somebody who kills its workers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from types import TracebackType

from bench.servers import children, cpu_seconds, free_port, wait_for

LOOP28 = [sys.executable, "-m", "loop28.doors.cli.main"]
END_SECONDS = 60
HIT = 0.2
"""With which chance, each time it is asked: so it meets a worker that rests, or any statement."""


class House:
    """`loop28 serve`, which starts two web processes and a worker, and one more `loop28 worker`.

    ``kill_every`` is how many seconds lie between two kills.
    """

    def __init__(self, kill_every: float) -> None:
        self.port = free_port()
        self.kills = 0
        self._kill_every, self._chance = kill_every, Random(28)
        self._workers_cpu = 0.0

    def __enter__(self) -> "House":
        self._serve = _start("serve", "--port", str(self.port))
        self._helper = _start("worker")
        wait_for(self.port)
        self._plan_a_kill()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in (self._serve, self._helper):
            process.terminate()
        for process in (self._serve, self._helper):
            process.wait(END_SECONDS)

    def kill_now_and_then(self) -> None:
        """Asked again and again while beats are due: when it is time for it, a worker dies."""
        if time.monotonic() > self._kill_at and self._chance.random() < HIT:
            self.kill_a_worker()
            self._plan_a_kill()

    def kill_a_worker(self) -> None:
        """Kill -9, the two in turn; `serve` starts its own again, and we the other, as systemd."""
        self.kills += 1
        if self.kills % 2:
            os.kill(self._workers_of_serve()[0], signal.SIGKILL)
            return
        self._workers_cpu += cpu_seconds(self._helper.pid)
        self._helper.kill()
        self._helper.wait()
        self._helper = _start("worker")

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU until now, with those of the dead."""
        workers = self._workers_of_serve()
        (web,) = set(children(self._serve.pid)) - set(workers)
        pages = cpu_seconds(web)
        own = cpu_seconds(self._serve.pid) - pages
        return {"web": pages, "workers": own + self._workers_cpu + cpu_seconds(self._helper.pid)}

    def _workers_of_serve(self) -> list[int]:
        return [child for child in children(self._serve.pid) if b"--under-serve" in _command(child)]

    def _plan_a_kill(self) -> None:
        pause = self._kill_every * self._chance.uniform(0.75, 1.25)
        self._kill_at = time.monotonic() + pause


def run(*arguments: str) -> tuple[int, str]:
    """A command of this installation: its exit code, and what it said."""
    done = subprocess.run([*LOOP28, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*LOOP28, *arguments], stdout=sys.stderr)


def _command(number: int) -> bytes:
    return Path(f"/proc/{number}/cmdline").read_bytes()
