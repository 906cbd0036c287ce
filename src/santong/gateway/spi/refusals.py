"""A call that nobody has signed is counted here, and written with others once a second.

It costs a flood's victim no more than that: a row for each minute and reason, one statement a
second from each process. The breaker and the alarm of a line do not hear of it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError

from santong.gateway.contracts import RefusalCode
from santong.gateway.rules.refusals import Counted, Counters, Place, masked_key, minute_of
from santong.gateway.selectors.lines import Line
from santong.gateway.services.count_refused import count_refused
from santong.gateway.services.log_call import commit_unhurried
from santong.gateway.spi.failures import unsaid
from santong.gateway.spi.reading import Malformed, Received
from santong.kernel import cells, tenancy

log = structlog.get_logger("santong.spi")

_counters: Final = Counters()
_lock: Final = threading.Lock()


def why_unsigned(*, received: Received, line: Line, now: datetime) -> RefusalCode | None:
    """Why a call is not one of this connection's application, or None where it is."""
    if not received.sign:
        return "unsigned"
    if received.app_key != line.app_key:
        return "other_app_key"
    try:
        signed = received.is_signed_with(secrets=line.good_secrets(now=now), app_key=line.app_key)
    except Malformed:
        signed = False
    if not signed:
        return "wrong_sign"
    return None if received.is_fresh(now=now) else "stale"


def refuse(*, line: Line, code: RefusalCode, app_key: str, method: str, now: datetime) -> None:
    """Count a refused call of a connection; `method` is one that marketplaces call, or nothing."""
    place = Place(
        merchant_id=line.merchant_id,
        connection_id=line.id,
        code=code,
        minute=minute_of(at=now),
    )
    one = Counted(calls=1, last_at=now, app_key=masked_key(app_key=app_key), method=method)
    with _lock:
        _counters.add(place, one)
    write_counted(now=now)


def write_counted(*, now: datetime) -> None:
    """Write what was counted, if that is a second ago or was never done."""
    # Looked at without the lock first: calls that are signed come by here, too.
    if not _counters.counted:
        return
    with _lock:
        due = _counters.due(now=now)
    for merchant_id in sorted({place.merchant_id for place in due}):
        own = {place: one for place, one in due.items() if place.merchant_id == merchant_id}
        _write(merchant_id, own)


def _write(merchant_id: int, own: Mapping[Place, Counted]) -> None:
    for place, one in own.items():
        log.info("spi_refused", connection=place.connection_id, reason=place.code, calls=one.calls)
    try:
        with tenancy.scope(merchant_id=merchant_id):
            commit_unhurried()
            count_refused(merchant_id=merchant_id, counted=own)
    except (DatabaseError, cells.UnknownMerchant, cells.MerchantIsMoving) as failure:
        log.exception("spi_not_counted", exc_info=unsaid(failure), merchant_id=merchant_id)
