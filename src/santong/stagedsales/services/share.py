"""What partners get of a stage: shared when it is paid, due to them when it is accepted."""

from __future__ import annotations

from datetime import datetime

from santong.settlement import public as settlement
from santong.stagedsales.contracts import document_of
from santong.stagedsales.models import Stage
from santong.stagedsales.services.lock import Held


def share_stage(held: Held, stage: Stage, *, now: datetime) -> None:
    """Let settlement share a stage that was paid, by the rules of the day of signing; once."""
    assert held.contract is not None, "a stage is a contract's"
    settlement.share_document(
        merchant_id=held.merchant_id,
        document=document_of(held.sale.id, stage.document_number),
        storefront_id=held.sale.storefront_id,
        seller_location_id=held.sale.location_id,
        clerk=held.contract.signed_by,
        currency=held.sale.currency,
        lines=[
            settlement.NewSaleLine(
                paid_minor=stage.amount_minor, sku=held.sale.plan.code, category=held.terms.category
            )
        ],
        paid_at=stage.paid_at or now,
        rules_at=held.contract.rules_at,
        now=now,
    )


def release_shares(held: Held, stage: Stage, *, now: datetime) -> None:
    """Tell settlement that the buyer has accepted what was paid for."""
    settlement.record_acceptance(
        merchant_id=held.merchant_id,
        document=document_of(held.sale.id, stage.document_number),
        accepted_at=stage.accepted_at or now,
    )
