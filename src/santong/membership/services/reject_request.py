"""Somebody says no."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import OwnRequest
from santong.membership.rules.purchases import clean_reason
from santong.membership.services.decide_request import decide, lock_request
from santong.membership.services.signature import signature


@all_or_nothing
def reject_request(
    *, merchant_id: int, request_id: int, reason: str, now: datetime
) -> contracts.PointsRequest:
    """Refuse a correction or transfer; nothing moves. Not by whoever has asked for it.

    Raises OwnRequest, RequestDecided, NoSuch, FieldInvalid, Busy. Locks members, the request.
    """
    reason = clean_reason(reason)
    row = lock_request(merchant_id=merchant_id, request_id=request_id)
    if row.requested_by == signature():
        raise OwnRequest(requested_by=row.requested_by)
    return decide(row, state="rejected", reason=reason, now=now)
