"""An installation in processes of its own: how to run its commands and wait for it."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.error import URLError

import pytest

COMMAND = [sys.executable, "-m", "loop28.doors.cli.main"]
SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with suppress(OSError, URLError):
            if found := what():
                return found
        time.sleep(0.1)
    pytest.fail(f"waited {SECONDS} seconds")


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        [*COMMAND, *arguments], env=environment, capture_output=True, check=False, timeout=SECONDS
    )
