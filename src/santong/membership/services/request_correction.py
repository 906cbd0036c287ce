"""Somebody asks for points to be given or taken by hand."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.rules.purchases import check_key, check_points, clean_reason
from santong.membership.services.lock_current import lock_current
from santong.membership.services.refuse_naming import refuse_naming
from santong.membership.services.write_request import Asked, request_named, write_request


@all_or_nothing
def request_correction(
    *,
    merchant_id: int,
    source: str,
    key: str,
    member_id: int,
    programme_code: str,
    points: int,
    reason: str,
    now: datetime,
) -> contracts.PointsRequest:
    """Ask for points to be given (or taken, below nothing); somebody else decides.

    Nothing moves before that. The same source and key again give the first request.

    Raises NoSuch, NothingPromised, PointsKeyTaken, FieldInvalid, Busy. Locks the member.
    """
    check_key(source=source, key=key)
    if not points:
        raise FieldInvalid(pointer="/points", reason="changes nothing")
    check_points(abs(points))
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])
    refuse_naming(merchant_id=merchant_id, member_ids=current.values(), reason=reason)
    asked = Asked(
        merchant_id=merchant_id,
        source=source,
        key=key,
        kind="correction",
        member_id=current[member_id],
        to_member_id=None,
        programme_code=programme_code,
        points=points,
        reason=clean_reason(reason),
    )
    before = request_named(asked)
    return before or write_request(asked, needs_approval=True, now=now)
