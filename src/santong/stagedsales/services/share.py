"""What partners get of a stage: shared when it is paid, due to them when it is accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.merchants import public as merchants
from santong.settlement import public as settlement
from santong.stagedsales.contracts import document_of
from santong.stagedsales.models import Stage
from santong.stagedsales.services.lock import Held

_STAFF: Final = "staff:"


def share_stage(held: Held, stage: Stage, *, now: datetime) -> None:
    """Let settlement share a stage that was paid, by the rules of the day of signing; once.

    Its line has the plan's category, and below it the stage: a rule may be for either. A stage that
    is paid again after a lost dispute has its shares again.
    """
    assert held.contract is not None, "a stage is a contract's"
    document = document_of(held.sale.id, stage.document_number)
    if settlement.is_shared(merchant_id=held.merchant_id, document=document):
        _restore(held, document, now)
        return
    settlement.share_document(
        merchant_id=held.merchant_id,
        document=document,
        storefront_id=held.sale.storefront_id,
        seller_location_id=held.sale.location_id,
        clerk=log_in_of(held.merchant_id, held.contract.signed_by),
        currency=held.sale.currency,
        lines=[
            settlement.NewSaleLine(
                paid_minor=stage.amount_minor,
                sku=held.sale.plan.code,
                category="/".join(filter(None, (held.terms.category, stage.name))),
            )
        ],
        paid_at=stage.paid_at or now,
        rules_at=held.contract.rules_at,
        now=now,
    )
    name_installer(held, stage, now=now)


def name_installer(held: Held, stage: Stage, *, now: datetime) -> None:
    """Tell settlement who did the work at the buyer's, once that is known and the stage shared."""
    document = document_of(held.sale.id, stage.document_number)
    if held.sale.installer_code and settlement.is_shared(
        merchant_id=held.merchant_id, document=document
    ):
        settlement.name_installer(
            merchant_id=held.merchant_id,
            document=document,
            installer=held.sale.installer_code,
            now=now,
        )


def release_shares(held: Held, stage: Stage, *, now: datetime) -> None:
    """Tell settlement that the buyer has accepted what was paid for."""
    settlement.record_acceptance(
        merchant_id=held.merchant_id,
        document=document_of(held.sale.id, stage.document_number),
        accepted_at=stage.accepted_at or now,
    )


def log_in_of(merchant_id: int, signed_by: str) -> str:
    """By which log-in settlement knows who signed; programs are nobody's clerk."""
    if not signed_by.startswith(_STAFF):
        return ""
    staff_id = int(signed_by.removeprefix(_STAFF))
    return merchants.staff_by_id(merchant_id=merchant_id, staff_id=staff_id).login


def _restore(held: Held, document: str, now: datetime) -> None:
    """What a dispute had taken was paid once more."""
    shared = settlement.shared_sale(merchant_id=held.merchant_id, document=document)
    for reversal in shared.reversals:
        if reversal.kind == "dispute" and reversal.restored_at is None:
            settlement.restore_shares(
                merchant_id=held.merchant_id,
                document=document,
                key=reversal.key,
                reason="paid once more",
                now=now,
            )
