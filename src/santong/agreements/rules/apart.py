"""Libraries that bring an event loop of their own run where nobody else's does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What some work gives, done in a thread of its own; it touches no database."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()
