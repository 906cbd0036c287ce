"""Share a document that is no order: a stage of a contract, a visit that is paid for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.models import Sale, SaleLine
from santong.settlement.rules.matching import NOWHERE
from santong.settlement.rules.terms import sold_to_json
from santong.settlement.selectors.places import sold_at
from santong.settlement.selectors.rule_sets import rule_set_at
from santong.settlement.services.freeze_sale import freeze_sale

# Nobody fills it later: what there was to do was done where it was sold.
HERE = "here"


@all_or_nothing
def share_document(
    *,
    merchant_id: int,
    document: str,
    storefront_id: int,
    seller_location_id: int | None,
    clerk: str,
    currency: str,
    lines: Sequence[contracts.NewSaleLine],
    paid_at: datetime,
    rules_at: datetime,
    now: datetime,
) -> None:
    """Share what was paid for a document, once, by the rules that were in force at `rules_at`.

    Its lines add up to what was paid. The selling place counts as who filled it. Nothing of it is
    due before its acceptance is recorded, and that counts as its receipt. Who does the work may be
    named later (`name_installer`). Money that goes back along the document is taken from the
    shares, but for refunds whose key begins with `due:DOCUMENT:`: that was never shared.

    Raises NoSuch, FieldInvalid. Emits SharesFrozen. Locks accounts of parties.
    """
    _check(lines)
    rules = rule_set_at(merchant_id=merchant_id, at=rules_at)
    sold = sold_at(
        merchant_id=merchant_id,
        storefront_id=storefront_id,
        seller_location_id=seller_location_id,
        clerk=clerk,
    )
    sale = Sale(
        merchant_id=merchant_id,
        document=document,
        rule_set_id=rules.id if rules else None,
        sold=sold_to_json(sold),
        currency=currency,
        paid_minor=sum(line.paid_minor for line in lines),
        left_minor=0,
        paid_at=paid_at,
        frozen_at=now,
    )
    freeze_sale(
        sale=sale,
        lines=[_line(sale, number, line) for number, line in enumerate(lines, 1)],
        version=rules.version if rules else 0,
        key=HERE,
        filler=sold.seller or NOWHERE,
    )


def _check(lines: Sequence[contracts.NewSaleLine]) -> None:
    if not lines:
        raise FieldInvalid(pointer="/lines", reason="at least one")
    for place, line in enumerate(lines):
        if not 0 <= line.paid_minor <= contracts.MOST_MINOR:
            reason = f"0 to {contracts.MOST_MINOR}"
            raise FieldInvalid(pointer=f"/lines/{place}/paid_minor", reason=reason)
        if line.pieces < 1:
            raise FieldInvalid(pointer=f"/lines/{place}/pieces", reason="1 or more")


def _line(sale: Sale, number: int, line: contracts.NewSaleLine) -> SaleLine:
    price = line.paid_minor if line.price_minor is None else line.price_minor
    return SaleLine(
        merchant_id=sale.merchant_id,
        sale=sale,
        number=number,
        kind="goods",
        sku=line.sku,
        category=line.category,
        pieces=line.pieces,
        paid_minor=line.paid_minor,
        price_minor=price,
        list_minor=price if line.list_minor is None else line.list_minor,
    )
