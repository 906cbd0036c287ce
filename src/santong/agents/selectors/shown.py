"""A checkout session as a platform is shown it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from santong.agents import contracts
from santong.agents.errors import SessionGone
from santong.agents.models import CheckoutSession
from santong.agents.rules.ucp.negotiation import envelope
from santong.agents.rules.ucp.standing import standing_of
from santong.agents.rules.ucp.written import body_of, checkout_document
from santong.agents.selectors.goods import facts_of
from santong.agents.selectors.sessions import (
    page_path_of,
    session_id_of,
    session_row,
    state_now,
)

# The specification's own words for what an API cannot take: the buyer pays on our page.
_TO_PAY: Final = contracts.Message(
    code="payment_required",
    content="The goods are kept. The buyer pays on the shop's page.",
    severity="requires_buyer_input",
    path="$.payment",
)
_STATUS_BY_STATE: Final[dict[contracts.SessionState, contracts.Status]] = {
    "placed": "requires_escalation",
    "completed": "completed",
    "canceled": "canceled",
}


def shown_session(
    *,
    merchant_id: int,
    shop: contracts.AgentShop,
    platform: str,
    row_id: int,
    capabilities: Sequence[str],
    address: Callable[[str], str],
    now: datetime,
    standing: contracts.Standing | None = None,
) -> contracts.Document:
    """How a session stands, as its own platform sees it; `standing` is what was just found.

    Raises SessionGone, also for another platform's.
    """
    row = session_row(merchant_id=merchant_id, row_id=row_id)
    if row.platform != platform or row.storefront_id != shop.storefront_id:
        raise SessionGone
    state = state_now(merchant_id=merchant_id, session=row.as_contract(), now=now)
    body, found = _body(row, shop, standing)
    status: contracts.Status = found.status if found else "incomplete"
    messages: Sequence[contracts.Message] = found.messages if found else ()
    if state != "open":
        status = _STATUS_BY_STATE[state]
        messages = (_TO_PAY,) if state == "placed" else ()
    page = address(page_path_of(merchant_id=merchant_id, row_id=row.id))
    order = {"id": str(row.order_id), "permalink_url": page} if row.order_id else None
    return checkout_document(
        ucp=envelope(capabilities),
        session_id=session_id_of(merchant_id=merchant_id, row_id=row.id),
        status=status,
        body=body,
        messages=messages,
        expires_at=row.expires_at,
        continue_url=page,
        order=order if status == "completed" else None,
    )


def _body(
    row: CheckoutSession, shop: contracts.AgentShop, standing: contracts.Standing | None
) -> tuple[contracts.Document, contracts.Standing | None]:
    """What was sold is shown as it was sold; anything else as it could be had now."""
    if row.shown_sealed:
        return row.shown(), None
    asked = row.asked()
    facts = facts_of(
        merchant_id=row.merchant_id, shop=shop, item_ids=[line.item_id for line in asked.lines]
    )
    found = standing or standing_of(asked=asked, facts=facts)
    return body_of(asked=asked, facts=facts, standing=found), found
