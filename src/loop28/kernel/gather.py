"""A gate in front of a hot action: callers that come together share one transaction.

One row that everybody wants (a packet, a line with free seats) gets slower with every further
transaction that waits for it. So whoever reaches the gate first takes all who wait with it, in the
order they came; nobody waits for more to come.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import OperationalError

T = TypeVar("T")
R = TypeVar("R")


class Gate(Generic[T, R]):
    """Makes of ``act(items) -> results`` (one each, in order) ``pass_through(item) -> result``."""

    def __init__(self, act: Callable[[Sequence[T]], Sequence[R]], *, limit: int = 200) -> None:
        self._act = act
        self._limit = limit
        self._waiting: deque[tuple[T, Future[R]]] = deque()
        self._turn = threading.Lock()

    def pass_through(self, item: T) -> R:
        """Hand in one item and wait for its own result, or for its own error."""
        answer: Future[R] = Future()
        self._waiting.append((item, answer))
        with self._turn:
            while not answer.done():
                self._serve([self._waiting.popleft() for _ in range(self._load())])
        return answer.result()

    def _load(self) -> int:
        return min(len(self._waiting), self._limit)

    def _serve(self, batch: list[tuple[T, Future[R]]]) -> None:
        try:
            results = list(self._act([item for item, _ in batch]))
            if len(results) != len(batch):
                raise RuntimeError(f"{len(batch)} items went in, {len(results)} results came out")
        except BaseException as error:
            # One that is refused must not take the others with it. But when it is the database that
            # fails, nobody would fare better alone, and the last would wait for all time-outs.
            failed = isinstance(error, OperationalError)
            if len(batch) == 1 or failed:
                while failed and self._waiting:
                    batch.append(self._waiting.popleft())
                for _, answer in batch:
                    answer.set_exception(error)
            else:
                for one in batch:
                    self._serve([one])
            return
        for (_, answer), result in zip(batch, results, strict=True):
            answer.set_result(result)
