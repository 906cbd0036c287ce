"""Checkout sessions by the tokens that name them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.agents import contracts
from santong.agents.errors import SessionGone
from santong.agents.models import CheckoutSession
from santong.kernel.links import Link, link_of, token_of
from santong.orders import public as orders

# A platform names a session by one token, its buyer's page has another: neither opens the other.
_PLATFORM: Final = "agents.session"
_BUYER: Final = "agents.checkout"
PAGE: Final = "/u/"


def session_id_of(*, merchant_id: int, row_id: int) -> str:
    """How a platform names a session."""
    return token_of(purpose=_PLATFORM, link=_link(merchant_id, row_id))


def page_path_of(*, merchant_id: int, row_id: int) -> str:
    """Where the page of a session's buyer answers."""
    return f"{PAGE}{token_of(purpose=_BUYER, link=_link(merchant_id, row_id))}/"


def row_id_of(*, merchant_id: int, session_id: str) -> int:
    """The session that a platform names. Raises SessionGone."""
    link = link_of(purpose=_PLATFORM, token=session_id)
    if link is None or link.merchant_id != merchant_id:
        raise SessionGone
    return link.thing_id


def page_link_of(*, token: str) -> Link:
    """Whose page a buyer's token opens. Raises SessionGone."""
    link = link_of(purpose=_BUYER, token=token)
    if link is None:
        raise SessionGone
    return link


def session_row(*, merchant_id: int, row_id: int) -> CheckoutSession:
    """A session that still holds what its buyer gave. Raises SessionGone."""
    found: CheckoutSession | None = (
        CheckoutSession.objects.of_merchant(merchant_id)
        .filter(id=row_id, erased_at__isnull=True)
        .first()
    )
    if found is None:
        raise SessionGone
    return found


def state_now(
    *, merchant_id: int, session: contracts.Session, now: datetime
) -> contracts.SessionState:
    """How a session stands now: its order may have been paid or given up since it was stored."""
    if session.state == "open":
        return "canceled" if now >= session.expires_at else "open"
    if session.state != "placed" or session.order_id is None:
        return session.state
    order = orders.order_by_id(merchant_id=merchant_id, order_id=session.order_id)
    if order.paid_at is not None:
        return "completed"
    return "canceled" if order.state == "cancelled" else "placed"


def _link(merchant_id: int, row_id: int) -> Link:
    return Link(merchant_id=merchant_id, thing_id=row_id, round=1)
