"""How often an app calls a method in a minute: counted in the process, granted by the database."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Final

from santong.kernel import tenancy
from santong.openplatform import contracts
from santong.openplatform.rules.budgets import MINUTE, Budgets, minute_of
from santong.openplatform.services.grant_calls import grant_calls


class CallLimiter:
    """What one process has been granted. The product has one; a test has as many as it likes."""

    def __init__(self) -> None:
        self._budgets = Budgets()
        self._lock = threading.Lock()

    def take_call(self, *, app: contracts.App, method: str, now: datetime) -> datetime | None:
        """Let a call pass, or say when to come again.

        `method` is one that there is: for each that is asked for a row is kept. Opens the owner's
        scope itself, once for many calls: call it outside any other.
        """
        key, minute = (app.app_key, method), minute_of(now)
        with self._lock:
            passes = self._budgets.take(key, minute=minute)
        if passes is None:
            calls = _grant(app, method, minute)
            with self._lock:
                passes = self._budgets.granted(key, calls, minute=minute)
        return None if passes else minute + MINUTE


def _grant(app: contracts.App, method: str, minute: datetime) -> int:
    with tenancy.scope(merchant_id=app.owner_id):
        return grant_calls(
            merchant_id=app.owner_id,
            app_key=app.app_key,
            method=method,
            most=app.calls_per_minute,
            minute=minute,
        )


_limiter: Final = CallLimiter()


def take_call(*, app: contracts.App, method: str, now: datetime) -> datetime | None:
    """Let a call of an app pass, or say when to come again: its limit for a method and minute.

    Over all processes the limit is never exceeded. Normally no row is touched. `method` is one
    that there is. Call it outside any scope.
    """
    return _limiter.take_call(app=app, method=method, now=now)
