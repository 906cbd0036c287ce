"""What stages would come to, before anything is signed or agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from santong.kernel.errors import NoSuch
from santong.stagedsales.contracts import DraftStage, StageTerms, Standing
from santong.stagedsales.models import Stage, StagedSale
from santong.stagedsales.rules.amounts import contract_amounts
from santong.stagedsales.rules.changes import replan
from santong.stagedsales.rules.states import GONE
from santong.stagedsales.rules.terms import terms_from_json


def preview_contract(
    *, merchant_id: int, sale_id: int, amount_minor: int, stages: Sequence[StageTerms]
) -> tuple[int, ...]:
    """What each stage of a contract would come to. Raises NoSuch, FieldInvalid."""
    terms = terms_from_json(_sale(merchant_id, sale_id).plan.terms)
    return contract_amounts(terms, stages, total_minor=amount_minor)


def preview_change(
    *, merchant_id: int, sale_id: int, amount_minor: int, drafts: Sequence[DraftStage]
) -> tuple[tuple[int, ...], int]:
    """What drafts would come to, and what would go back.

    Raises NoSuch, FieldInvalid, BelowAccepted.
    """
    sale = _sale(merchant_id, sale_id)
    rows = Stage.objects.of_merchant(merchant_id).filter(sale=sale).order_by("number")
    standings = [
        Standing(
            number=row.number,
            amount_minor=row.amount_minor,
            paid_minor=row.paid_minor,
            deposit_minor=sale.deposit_minor if row.document_number == 0 else 0,
            is_paid=row.state in {"paid", "released"},
            is_released=row.state == "released",
            is_over=row.state in GONE,
        )
        for row in rows
    ]
    found = replan(standings, total_minor=amount_minor, drafts=drafts)
    return found.draft_amounts, found.refund_minor


def open_drafts(*, merchant_id: int, sale_id: int) -> list[DraftStage]:
    """The unpaid stages of a sale as drafts, each with what it comes to now."""
    rows = Stage.objects.of_merchant(merchant_id).filter(sale=sale_id, state__in=["planned", "due"])
    return [
        DraftStage(number=row.number, terms=replace(row.as_terms(), amount_minor=row.amount_minor))
        for row in rows.order_by("number")
    ]


def _sale(merchant_id: int, sale_id: int) -> StagedSale:
    rows = StagedSale.objects.of_merchant(merchant_id).select_related("plan")
    row = rows.filter(id=sale_id).first()
    if row is None:
        raise NoSuch(kind="staged_sale", key=str(sale_id))
    return row
