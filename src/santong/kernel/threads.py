"""Database work of the asynchronous process: in a few threads, each with its own connection.

More threads would hold more connections and answer no sooner; what finds none free waits its turn.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Final, ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")

# What a thread may still do after the process was told to end.
LAST_WORK_SECONDS: Final = 5.0


class DatabaseThreads:
    """So many threads at most; `run` waits for one without holding up the event loop."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._pool = ThreadPoolExecutor(max_workers=most, thread_name_prefix="database")

    async def run(self, work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Do a piece of work in a thread; raises what it raises. Once begun, it is done."""
        context = contextvars.copy_context()
        whole = partial(context.run, partial(_with_connection, partial(work, *args, **named)))
        return await asyncio.get_running_loop().run_in_executor(self._pool, whole)

    def close(self) -> None:
        """Let what has begun end, and each thread close its connection."""
        together = Barrier(self._most)
        for _ in range(self._most):
            self._pool.submit(_close_mine, together)
        self._pool.shutdown(wait=True)


_threads: DatabaseThreads | None = None


async def in_thread(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """Do a piece of database work in one of the process's threads; raises what it raises."""
    global _threads  # noqa: PLW0603  one pool for the process, made when it is first wanted
    if _threads is None:
        _threads = DatabaseThreads(most=settings.SANTONG_STREAM_THREADS)
    return await _threads.run(work, *args, **named)


def close_threads() -> None:
    """End the process's threads and their connections."""
    global _threads
    ending, _threads = _threads, None
    if ending is not None:
        ending.close()


def _with_connection(work: Callable[[], R]) -> R:
    """A connection that the server has closed meanwhile is not used again."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _close_mine(together: Barrier) -> None:
    """Each thread does this once: nobody goes on before all have come."""
    connections.close_all()
    try:
        together.wait(LAST_WORK_SECONDS)
    except BrokenBarrierError:
        return
