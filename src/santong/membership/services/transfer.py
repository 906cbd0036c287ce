"""A member hands points to another."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import TransferLimit
from santong.membership.rules.calendar import day_of
from santong.membership.rules.purchases import check_key, check_points, clean_reason
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.requests import handed_on
from santong.membership.selectors.terms import terms_of
from santong.membership.services.decide_request import post_request
from santong.membership.services.lock_current import lock_current, usable_card
from santong.membership.services.refuse_naming import refuse_naming
from santong.membership.services.write_request import Asked, request_named, write_request


@all_or_nothing
def transfer(
    *,
    merchant_id: int,
    source: str,
    key: str,
    member_id: int,
    to_member_id: int,
    programme_code: str,
    points: int,
    reason: str,
    now: datetime,
) -> contracts.PointsRequest:
    """Hand points to another member of the programme, each with the end that it has.

    Up to the terms' threshold at once; above it somebody else must say yes first, and nothing moves
    before. What waits counts against the day's limit. The same source and key hand on once.

    Raises TransferLimit, TooFewPoints, NoSuch, CardMissing, NothingPromised, PointsKeyTaken,
    FieldInvalid, Busy. Locks both members, then accounts.
    """
    check_key(source=source, key=key)
    check_points(points)
    reason = clean_reason(reason)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id, to_member_id])
    refuse_naming(merchant_id=merchant_id, member_ids=current.values(), reason=reason)
    giver, taker = current[member_id], current[to_member_id]
    if giver == taker:
        raise FieldInvalid(pointer="/to_member_id", reason="another member")
    for each in (giver, taker):
        usable_card(
            merchant_id=merchant_id,
            member_id=each,
            programme_id=programme.id,
            programme_code=programme_code,
        )
    asked = Asked(
        merchant_id=merchant_id,
        source=source,
        key=key,
        kind="transfer",
        member_id=giver,
        to_member_id=taker,
        programme_code=programme_code,
        points=points,
        reason=reason,
    )
    if (before := request_named(asked)) is not None:
        return before
    terms = terms_of(merchant_id=merchant_id, programme_id=programme.id).terms
    _refuse_above_limit(asked, programme, terms, now)
    needs_approval = points > terms.transfer.approval_above
    request = write_request(asked, needs_approval=needs_approval, now=now)
    if needs_approval:
        return request
    return post_request(
        merchant_id=merchant_id, request_id=request.id, reason="within the limit", now=now
    )


def _refuse_above_limit(
    asked: Asked, programme: contracts.Programme, terms: contracts.Terms, now: datetime
) -> None:
    used = handed_on(
        merchant_id=asked.merchant_id,
        member_id=asked.member_id,
        pool_id=programme.pool_id,
        on=day_of(now, timezone=terms.timezone),
    )
    left = max(terms.transfer.per_day_max - used, 0)
    if asked.points > left:
        raise TransferLimit(per_day_max=terms.transfer.per_day_max, left=left)
