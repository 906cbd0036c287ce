"""Checkout sessions: making one, saying anew what is wanted, giving it up."""

from __future__ import annotations

from datetime import datetime

from santong.agents import contracts
from santong.agents.errors import NothingToBeHad, SessionEnded, SessionGone
from santong.agents.models import CheckoutSession
from santong.agents.rules.ucp.standing import is_nothing_to_be_had
from santong.agents.selectors.goods import facts_of
from santong.agents.selectors.sessions import state_now
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def create_session(
    *,
    merchant_id: int,
    shop: contracts.AgentShop,
    platform: str,
    asked: contracts.Asked,
    now: datetime,
) -> contracts.Session:
    """Begin a checkout for a platform; it binds no stock. Raises NothingToBeHad."""
    facts = facts_of(
        merchant_id=merchant_id, shop=shop, item_ids=[line.item_id for line in asked.lines]
    )
    if is_nothing_to_be_had(asked=asked, facts=facts):
        raise NothingToBeHad
    row = CheckoutSession(
        merchant_id=merchant_id,
        storefront_id=shop.storefront_id,
        state="open",
        platform=platform,
        created_at=now,
        expires_at=now + contracts.LASTS,
    )
    row.asked_sealed = row.seal("asked", asked.as_json())
    row.save()
    record(row, before="", action="create", reason="a platform began it", now=now)
    return row.as_contract()


@all_or_nothing
def update_session(
    *,
    merchant_id: int,
    shop: contracts.AgentShop,
    platform: str,
    row_id: int,
    asked: contracts.Asked,
    now: datetime,
) -> contracts.Session:
    """Put what a platform wants now in place of all that it wanted before.

    Raises SessionGone, SessionEnded. Locks the session.
    """
    row = lock_session(
        merchant_id=merchant_id, shop=shop, platform=platform, row_id=row_id, now=now
    )
    if row.state != "open":
        raise SessionEnded(state=row.state)
    row.asked_sealed = row.seal("asked", asked.as_json())
    row.save(update_fields=["asked_sealed"])
    return row.as_contract()


@all_or_nothing
def cancel_session(
    *, merchant_id: int, shop: contracts.AgentShop, platform: str, row_id: int, now: datetime
) -> contracts.Session:
    """Give a session up, and with it its order, unless that has been paid for.

    Raises SessionGone, SessionEnded, orders.AlreadyShipped. Emits OrderCancelled. Locks the
    session, the order, its stock.
    """
    row = lock_session(
        merchant_id=merchant_id, shop=shop, platform=platform, row_id=row_id, now=now
    )
    if row.state not in ("open", "placed"):
        raise SessionEnded(state=row.state)
    if row.order_id is not None:
        order = orders.cancel_order(
            merchant_id=merchant_id,
            order_id=row.order_id,
            reason="the platform cancelled its checkout",
            now=now,
        )
        # Its buyer was faster: only now, with the order locked, it is known.
        if order.paid_at is not None:
            raise SessionEnded(state="completed")
    end_session(row, state="canceled", reason="the platform cancelled it", now=now)
    return row.as_contract()


def lock_session(
    *, merchant_id: int, shop: contracts.AgentShop, platform: str, row_id: int, now: datetime
) -> CheckoutSession:
    """A platform's own session as it stands now, locked: what its order or its time ended, ends.

    Raises SessionGone.
    """
    rows = CheckoutSession.objects.of_merchant(merchant_id).filter(
        id=row_id, storefront_id=shop.storefront_id, platform=platform, erased_at__isnull=True
    )
    row: CheckoutSession | None = next(iter(rows.lock()), None)
    if row is None:
        raise SessionGone
    catch_up(row, now=now)
    return row


def catch_up(row: CheckoutSession, *, now: datetime) -> None:
    """Store what has become of a session meanwhile."""
    state = state_now(merchant_id=row.merchant_id, session=row.as_contract(), now=now)
    if state in contracts.ENDED and row.state not in contracts.ENDED:
        reason = "its order was paid" if state == "completed" else "its time is over"
        end_session(row, state=state, reason=reason, now=now)


def end_session(
    row: CheckoutSession, *, state: contracts.SessionState, reason: str, now: datetime
) -> None:
    """Nothing happens to it any more."""
    before, row.state, row.ended_at = row.state, state, now
    row.save(update_fields=["state", "ended_at"])
    record(row, before=before, action="end", reason=reason, now=now)


def record(row: CheckoutSession, *, before: str, action: str, reason: str, now: datetime) -> None:
    """A change of a session's state, in the trail."""
    change = audit.Change(
        action=f"agents.{action}_session",
        subject="checkout session",
        subject_id=row.id,
        reason=reason,
        before={"state": before} if before else {},
        after={"state": row.state},
    )
    audit.record(change, now=now)
