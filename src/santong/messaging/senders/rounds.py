"""Goes round, as long as the process lives: every endpoint that may be asked, several at once.

Those that are failing have at most half of the places, and each of them only one message at a
time: they cannot hold up the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

import structlog
from django.db import DatabaseError, close_old_connections, connection, connections

from santong.kernel import cells, tenancy
from santong.messaging.selectors.due import due_endpoints
from santong.messaging.senders.deliver import LANES, deliver_batch
from santong.messaging.senders.mails import send_mails
from santong.messaging.senders.webhooks import Clock

ENDPOINTS_AT_ONCE: Final = 8
SHORTEST_PAUSE: Final = 0.02
LONGEST_PAUSE: Final = 0.5
MAILS_EVERY_SECONDS: Final = 2.0

log = structlog.get_logger(__name__)


class _Which(NamedTuple):
    merchant_id: int
    endpoint_id: int


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Rounds:
    """Delivers until it is told to stop."""

    clock: Clock = _now
    stopping: threading.Event = field(default_factory=threading.Event)
    _under_way: dict[_Which, tuple[Future[int], bool]] = field(default_factory=dict)

    def run(self) -> None:
        """Go round until `stopping` is set; what is under way then is seen to its end."""
        with (
            ThreadPoolExecutor(ENDPOINTS_AT_ONCE, thread_name_prefix="webhooks") as endpoints,
            ThreadPoolExecutor(ENDPOINTS_AT_ONCE * LANES, thread_name_prefix="lanes") as senders,
        ):
            pause, mails_at = SHORTEST_PAUSE, _now()
            while not self.stopping.is_set():
                try:
                    began = self._round(endpoints, senders)
                    if (_now() - mails_at).total_seconds() > MAILS_EVERY_SECONDS:
                        mails_at = _now()
                        self._each_cell(send_mails)
                except DatabaseError as failure:
                    log.warning("webhooks_wait_for_database", error=str(failure))
                    connection.close()
                    began, pause = 0, LONGEST_PAUSE
                pause = SHORTEST_PAUSE if began else min(pause * 1.5, LONGEST_PAUSE)
                self.stopping.wait(pause)
        connections.close_all()

    def _round(self, endpoints: ThreadPoolExecutor, senders: ThreadPoolExecutor) -> int:
        """Begin what can begin; how many batches were begun or have ended."""
        ended = [which for which, (future, _) in self._under_way.items() if future.done()]
        for which in ended:
            del self._under_way[which]
        began = len(ended)
        for cell in cells.all_cells():
            for due in due_endpoints(cell=cell, now=self.clock()):
                which = _Which(due.merchant_id, due.endpoint_id)
                if which in self._under_way or not self._has_room(is_failing=due.is_failing):
                    continue
                future = endpoints.submit(self._deliver, which, senders)
                self._under_way[which] = (future, due.is_failing)
                began += 1
        return began

    def _has_room(self, *, is_failing: bool) -> bool:
        failing = sum(is_one for _, is_one in self._under_way.values())
        if is_failing and failing >= ENDPOINTS_AT_ONCE // 2:
            return False
        return len(self._under_way) < ENDPOINTS_AT_ONCE

    def _deliver(self, which: _Which, senders: ThreadPoolExecutor) -> int:
        close_old_connections()
        try:
            return deliver_batch(
                merchant_id=which.merchant_id,
                endpoint_id=which.endpoint_id,
                pool=senders,
                clock=self.clock,
                is_over=self.stopping.is_set,
            )
        except cells.MerchantIsMoving:
            return 0
        except DatabaseError as failure:
            log.warning("webhook_waits_for_database", error=str(failure))
            connection.close()
            return 0
        except Exception:
            log.exception("webhook_batch_failed", merchant_id=which.merchant_id)
            return 0

    def _each_cell(self, work: Callable[..., object]) -> None:
        for cell in cells.all_cells():
            work(cell=cell, now=self.clock())


@contextmanager
def going_round(*, clock: Clock = _now) -> Iterator[Rounds]:
    """Rounds in a thread of their own for as long as the block lasts."""
    rounds = Rounds(clock=clock)
    thread = threading.Thread(target=rounds.run, name="webhook-rounds", daemon=True)
    thread.start()
    try:
        yield rounds
    finally:
        rounds.stopping.set()
        thread.join()


def deliver_due(*, merchant_id: int, clock: Clock, rounds: int = 1_000) -> int:
    """Deliver to a merchant's endpoints until nothing is due now; how many messages were taken."""
    delivered = 0
    with ThreadPoolExecutor(LANES) as senders:
        for _ in range(rounds):
            with tenancy.scope(merchant_id=merchant_id) as scope:
                cell = scope.cell
            due = [
                each
                for each in due_endpoints(cell=cell, now=clock())
                if each.merchant_id == merchant_id
            ]
            if not due:
                break
            for each in due:
                delivered += deliver_batch(
                    merchant_id=merchant_id,
                    endpoint_id=each.endpoint_id,
                    pool=senders,
                    clock=clock,
                )
    return delivered
