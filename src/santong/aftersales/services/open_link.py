"""The link of an order's buyer is given, given again, or taken back for another."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.aftersales.models import OrderLink
from santong.aftersales.selectors.links import token_of
from santong.kernel import audit
from santong.kernel.bulk import insert_new
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def open_link(*, merchant_id: int, order_id: int, days: int, now: datetime) -> str:
    """The token of an order's link, which is good for so many days from now on, at least.

    It is the one that was given before, unless that is over. Raises NoSuch (order). Locks the link.
    """
    row = _locked(merchant_id, order_id, now)
    if row.until < now:  # one that was written just now ends now
        row.round += 1
    return _given(row, days, action="open_link", reason="a link for the buyer", now=now)


@all_or_nothing
def renew_link(*, merchant_id: int, order_id: int, days: int, now: datetime) -> str:
    """Let the links of an order that were given so far open nothing any more; the new token.

    Raises NoSuch (order). Locks the link.
    """
    row = _locked(merchant_id, order_id, now)
    row.round += 1
    return _given(row, days, action="renew_link", reason="another link for the buyer", now=now)


def _locked(merchant_id: int, order_id: int, now: datetime) -> OrderLink:
    orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    new = OrderLink(merchant_id=merchant_id, order_id=order_id, until=now)
    insert_new([new], unique=["merchant_id", "order_id"])
    return OrderLink.objects.of_merchant(merchant_id).lock().get(order_id=order_id)


def _given(row: OrderLink, days: int, *, action: str, reason: str, now: datetime) -> str:
    row.until = max(row.until, now + timedelta(days=days))
    row.save(update_fields=["round", "until"])
    audit.record(
        audit.Change(
            action=f"aftersales.{action}",
            subject="case_link",
            subject_id=row.id,
            reason=reason,
            after={"order": str(row.order_id), "round": row.round},
        ),
        now=now,
    )
    return token_of(row=row)
