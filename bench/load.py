"""The people at their phones, in a process of their own: raw HTTP over keep-alive connections.

Nothing of Django is in it, so that on a small machine it takes little from the server it measures.
"""

import heapq
import json
import random
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

TIMEOUT = 60
"""Seconds in which a load is over or gives up."""
KEY = str(UUID(int=0))
"""Stands in a form that is sent again and again, where each time another key belongs."""
POLL_SECONDS = (2.4, 3.6)
"""How long the group page of somebody who reads waits between polls: 3 s with jitter (poll.js)."""


_CSRF = "c" * 32
"""A phone's secret is what its cookie says, whatever that is."""


def request(method: str, path: str, cookie: str, body: str = "") -> str:
    """A request as the page sends it."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {cookie}; csrftoken={_CSRF}",
        f"X-CSRFToken: {_CSRF}",
        "HX-Request: true",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body])


def call(path: str, key: str, body: str) -> str:
    """A machine's request, with its key."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body])


def bring(kind: str, **plan: Any) -> dict[str, Any]:
    """Start the process that plays `rush`, `read` or `in_turn`, and hand over what it counted."""
    command = [sys.executable, "-m", "bench.load", kind]
    done = subprocess.run(command, input=json.dumps(plan), check=True, stdout=-1, text=True)
    counted: dict[str, Any] = json.loads(done.stdout)
    return counted


class Phone:
    """A connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.link = socket.create_connection(("127.0.0.1", port), TIMEOUT)

    def send(self, request: str) -> None:
        self.sent_at, self.heard = time.perf_counter(), b""
        self.link.sendall(request.encode())

    def listen(self) -> bool:
        """Take in what came; whether the answer is complete."""
        piece = self.link.recv(262_144)
        if not piece:
            raise ConnectionError("the server hung up")
        self.heard += piece
        head, end, body = self.heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        return bool(end) and len(body) >= (int(length[1]) if length else 0)

    @property
    def status(self) -> str:
        return self.heard[9:12].decode()


class Crowd:
    """Many phones: who has an answer, and what was answered within how many seconds."""

    def __init__(self, port: int, count: int) -> None:
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self._end = time.perf_counter() + TIMEOUT
        self._selector = selectors.DefaultSelector()
        self.phones = [Phone(port) for _ in range(count)]
        for phone in self.phones:
            self._selector.register(phone.link, selectors.EVENT_READ, phone)

    def answered(self, wait: float) -> list[Phone]:
        """The phones whose answer became complete within so many seconds."""
        if time.perf_counter() > self._end:
            raise TimeoutError(f"not done after {TIMEOUT} s: {dict(self.statuses)}")
        ready = [key.data for key, _ in self._selector.select(max(0, wait))]
        done = [phone for phone in ready if phone.listen()]
        for phone in done:
            self.statuses[phone.status] += 1
            self.seconds.append(time.perf_counter() - phone.sent_at)
        return done

    def counted(self, start: float) -> dict[str, Any]:
        took = time.perf_counter() - start
        return {"total": took, "seconds": self.seconds, "statuses": self.statuses}


def rush(port: int, requests: list[str]) -> dict[str, Any]:
    """All requests at one moment, each over a connection of its own that is open already."""
    crowd = Crowd(port, len(requests))
    start = time.perf_counter()
    for phone, request in zip(crowd.phones, requests, strict=True):
        phone.send(request)
    left = len(requests)
    while left:
        left -= len(crowd.answered(1))
    return crowd.counted(start)


def read(
    port: int, polls: list[str], say: str, state: dict[str, int], seconds: float, every: float
) -> dict[str, Any]:
    """For some seconds everybody polls as the group page does, while one more writes.

    ``polls`` have places for what ``state`` names: the version and the last message a page shows.
    """
    crowd = Crowd(port, len(polls) + 1)
    writer = crowd.phones[-1]
    states = {phone: dict(state) for phone in crowd.phones}
    start = time.perf_counter()
    agenda = [(start + random.uniform(0, 3), n) for n in range(len(polls))] + [(start, len(polls))]
    heapq.heapify(agenda)
    while agenda[0][0] < start + seconds:
        due, number = agenda[0]
        for phone in crowd.answered(due - time.perf_counter()):
            states[phone] |= _shown(phone)
        if time.perf_counter() < due:
            continue
        phone = crowd.phones[number]
        if phone is writer:
            phone.send(say.replace(KEY, str(uuid4())))
        else:
            phone.send(polls[number].format(**states[phone]))
        pause = every if phone is writer else random.uniform(*POLL_SECONDS)
        heapq.heapreplace(agenda, (due + pause, number))
    return crowd.counted(start)


def in_turn(port: int, requests: list[str], phones: int, rate: float = 0) -> dict[str, Any]:
    """One request after the other, each by a phone that is free.

    With a ``rate`` so many are due each second, and an answer is counted from when it was due.
    """
    crowd = Crowd(port, phones)
    start = time.perf_counter()
    free, sent, left = list(crowd.phones), 0, len(requests)
    while left:
        due = start + sent / rate if rate else start
        if sent < len(requests) and free and time.perf_counter() >= due:
            phone = free.pop()
            phone.send(requests[sent])
            if rate:
                phone.sent_at = due
            sent += 1
            continue
        idle = sent == len(requests) or not free
        done = crowd.answered(1 if idle else due - time.perf_counter())
        free += done
        left -= len(done)
    return crowd.counted(start)


def _shown(phone: Phone) -> dict[str, int]:
    """What the page shows after an answer that brought something."""
    version = re.search(rb'name="version" value="(\d+)"', phone.heard)
    messages = re.findall(rb'data-id="(\d+)"', phone.heard)
    found = {"version": int(version[1])} if version else {}
    return found | ({"after": max(map(int, messages))} if messages else {})


if __name__ == "__main__":
    plays: dict[str, Callable[..., dict[str, Any]]]
    plays = {"rush": rush, "read": read, "in_turn": in_turn}
    print(json.dumps(plays[sys.argv[1]](**json.load(sys.stdin))))
