"""The log of calls as a process keeps it until it is written, once a second."""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import structlog
from django.db import DatabaseError, connection

from santong.kernel import cells, metrics, tenancy
from santong.openplatform import contracts
from santong.openplatform.rules.log_lines import by_tenant
from santong.openplatform.services.write_calls import write_calls

WRITTEN_EVERY_SECONDS: Final = 1.0
# Where the database does not take them, calls wait; of more than so many the oldest are lost.
MOST_WAITING: Final = 50_000
MOST_AT_ONCE: Final = 2_000

log = structlog.get_logger("santong.openplatform")


class CallLog:
    """Calls that wait to be written, and the thread that does it. The product has one."""

    def __init__(self) -> None:
        self._waiting: deque[contracts.CallRecord] = deque(maxlen=MOST_WAITING)
        self._writing = threading.Lock()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def append(self, record: contracts.CallRecord) -> None:
        """Keep a call until it is written. No lock, no row."""
        if len(self._waiting) >= MOST_WAITING:
            metrics.LOST_CALLS.inc()
        self._waiting.append(record)
        if self._writer is None:
            self._start()

    def flush(self) -> int:
        """Write what waits, now; how many calls."""
        written = 0
        with self._writing:
            while taken := self._take():
                written += len(taken)
                for merchant_id, records in sorted(by_tenant(taken).items()):
                    self._write(merchant_id, records)
        return written

    def _take(self) -> list[contracts.CallRecord]:
        taken: list[contracts.CallRecord] = []
        while self._waiting and len(taken) < MOST_AT_ONCE:
            taken.append(self._waiting.popleft())
        return taken

    def _write(self, merchant_id: int, records: Sequence[contracts.CallRecord]) -> None:
        """One tenant's database may be away: the others' calls are written all the same."""
        try:
            with tenancy.scope(merchant_id=merchant_id):
                write_calls(merchant_id=merchant_id, records=records)
        except (DatabaseError, cells.UnknownMerchant, cells.MerchantIsMoving):
            metrics.LOST_CALLS.inc(len(records))
            log.exception("calls_not_logged", merchant_id=merchant_id, calls=len(records))

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._keep_writing, daemon=True)
                self._writer.start()
                atexit.register(self._write_rest)

    def _keep_writing(self) -> None:
        while True:
            time.sleep(WRITTEN_EVERY_SECONDS)
            self._write_rest()

    def _write_rest(self) -> None:
        """Whatever goes wrong, the thread goes on, and a process ends."""
        if not self._waiting:
            return
        try:
            self.flush()
        except Exception:
            log.exception("calls_not_logged")
            connection.close()


_log: Final = CallLog()


def log_call(*, record: contracts.CallRecord) -> None:
    """Put a call into the log. It is masked and written within a second, by another thread.

    A process that is killed loses what it took in its last second; one that ends writes it.
    """
    _log.append(record)


def flush_calls() -> int:
    """Write what waits in this process now, outside any scope; how many calls."""
    return _log.flush()
