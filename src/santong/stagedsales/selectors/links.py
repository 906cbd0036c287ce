"""The link of a staged sale's buyer: good until it is renewed, or long after the sale's end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.kernel import links
from santong.kernel.errors import NoSuch
from santong.stagedsales.errors import SaleLinkOver
from santong.stagedsales.models import StagedSale

PURPOSE: Final = "stagedsales.sale"
# Long enough to look up what was agreed, while all of it is under warranty.
LASTS: Final = timedelta(days=400)


def link_of(*, token: str) -> links.Link:
    """What a token says. Raises SaleLinkOver."""
    link = links.link_of(purpose=PURPOSE, token=token)
    if link is None:
        raise SaleLinkOver
    return link


def check_link(*, link: links.Link, now: datetime) -> None:
    """Let pass what opens its sale now. Raises SaleLinkOver."""
    row = StagedSale.objects.of_merchant(link.merchant_id).filter(id=link.thing_id).first()
    if row is None or link.round != row.link_round or _is_over(row, now):
        raise SaleLinkOver


def token_of(*, sale: StagedSale) -> str:
    """The token that opens a sale's page."""
    link = links.Link(merchant_id=sale.merchant_id, thing_id=sale.id, round=sale.link_round)
    return links.token_of(purpose=PURPOSE, link=link)


def page_path(*, token: str) -> str:
    """Where a token's page answers."""
    return f"/s/{token}/"


def link_path(*, merchant_id: int, sale_id: int, now: datetime) -> str:
    """Where the page of a sale's buyer answers; nothing, if it does not any more. Raises NoSuch."""
    row = StagedSale.objects.of_merchant(merchant_id).filter(id=sale_id).first()
    if row is None:
        raise NoSuch(kind="staged_sale", key=str(sale_id))
    return "" if _is_over(row, now) else page_path(token=token_of(sale=row))


def _is_over(row: StagedSale, now: datetime) -> bool:
    return row.ended_at is not None and now >= row.ended_at + LASTS
