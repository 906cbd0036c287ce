"""What a process remembers for a few seconds of rows that are read much and changed rarely."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection, transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, each for some seconds; another process's change is seen when they have passed.

    `forget` is called by whoever changes a row, in the transaction of the change. Until that ends
    nothing is kept, so that a row that is rolled back is not remembered.
    """

    def __init__(self, *, seconds: float, most: int = 10_000) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: dict[K, tuple[float, V]] = {}
        self._lock = threading.Lock()

    def get(self, key: K, read: Callable[[], V]) -> V:
        """The value of a key; read it if it is not remembered."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        read_at = time.monotonic()
        value = read()
        if not self._is_changing():
            with self._lock:
                if len(self._kept) >= self._most:
                    self._kept.clear()
                self._kept[key] = (read_at + self._seconds, value)
        return value

    def forget(self) -> None:
        """Read again: now, and once more when the change is committed."""
        self._clear()
        if connection.in_atomic_block:
            transaction.on_commit(self._clear)

    def _clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _is_changing(self) -> bool:
        return any(task[1] == self._clear for task in connection.run_on_commit)
