"""The link of an order's buyer to its cases: good for so many days after it was last given."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.aftersales.errors import LinkOver
from santong.aftersales.models import OrderLink
from santong.kernel import links

PURPOSE: Final = "aftersales.order"


def link_of(*, token: str) -> links.Link:
    """What a token says. Raises LinkOver."""
    link = links.link_of(purpose=PURPOSE, token=token)
    if link is None:
        raise LinkOver
    return link


def check_link(*, link: links.Link, now: datetime) -> None:
    """Let pass what opens its order's cases now. Raises LinkOver."""
    row = _row(link.merchant_id, link.thing_id)
    if row is None or link.round != row.round or now >= row.until:
        raise LinkOver


def token_of(*, row: OrderLink) -> str:
    """The token that opens an order's cases."""
    link = links.Link(merchant_id=row.merchant_id, thing_id=row.order_id, round=row.round)
    return links.token_of(purpose=PURPOSE, link=link)


def page_path(*, token: str) -> str:
    """Where a token's page answers."""
    return f"/c/{token}/"


def link_path(*, merchant_id: int, order_id: int, now: datetime) -> str:
    """Where the page of an order's buyer answers; nothing, where no link was given or is good."""
    row = _row(merchant_id, order_id)
    return page_path(token=token_of(row=row)) if row is not None and now < row.until else ""


def _row(merchant_id: int, order_id: int) -> OrderLink | None:
    rows = OrderLink.objects.of_merchant(merchant_id)
    found: OrderLink | None = rows.filter(order_id=order_id).first()
    return found
