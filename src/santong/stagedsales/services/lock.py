"""Lock first: the sale. All that belongs to it changes under its lock only."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from santong.kernel.errors import NoSuch
from santong.stagedsales.contracts import PlanTerms, Standing
from santong.stagedsales.models import (
    Contract,
    RedemptionCode,
    SaleDocument,
    Stage,
    StagedSale,
)
from santong.stagedsales.rules.states import GONE
from santong.stagedsales.rules.terms import terms_from_json


@dataclass
class Held:
    """A locked sale with what belongs to it, as it is now. What is written is written here, too."""

    sale: StagedSale
    stages: list[Stage] = field(default_factory=list[Stage])
    money: dict[int, SaleDocument] = field(default_factory=dict[int, SaleDocument])
    contract: Contract | None = None

    @property
    def merchant_id(self) -> int:
        """Whose sale it is."""
        return self.sale.merchant_id

    @cached_property
    def terms(self) -> PlanTerms:
        """The plan that it was sold by."""
        return terms_from_json(self.sale.plan.terms)

    def stage(self, number: int) -> Stage:
        """A stage by its number. Raises NoSuch."""
        for each in self.stages:
            if each.number == number:
                return each
        raise NoSuch(kind="stage", key=str(number))

    def code(self) -> RedemptionCode | None:
        """The code of the sale."""
        return RedemptionCode.objects.of_merchant(self.merchant_id).filter(sale=self.sale).first()

    def standings(self) -> list[Standing]:
        """Stages as the rules see them."""
        return [
            Standing(
                number=each.number,
                amount_minor=each.amount_minor,
                paid_minor=each.paid_minor,
                deposit_minor=self.sale.deposit_minor if each.document_number == 0 else 0,
                is_paid=each.state in {"paid", "released"},
                is_released=each.state == "released",
                is_done=each.done_at is not None,
                is_over=each.state in GONE,
            )
            for each in self.stages
        ]


def lock_sale(*, merchant_id: int, sale_id: int) -> Held:
    """Lock a sale and read what belongs to it. Raises NoSuch, Busy."""
    rows = StagedSale.objects.of_merchant(merchant_id).filter(id=sale_id)
    sale = rows.select_related("plan").lock().first()
    if sale is None:
        raise NoSuch(kind="staged_sale", key=str(sale_id))
    return read(sale)


def read(sale: StagedSale) -> Held:
    """What belongs to a sale that is locked, or was made a moment ago."""
    of_merchant = sale.merchant_id
    return Held(
        sale=sale,
        stages=list(Stage.objects.of_merchant(of_merchant).filter(sale=sale).order_by("number")),
        money={
            row.number: row
            for row in SaleDocument.objects.of_merchant(of_merchant).filter(sale=sale)
        },
        contract=Contract.objects.of_merchant(of_merchant).filter(sale=sale).first(),
    )
