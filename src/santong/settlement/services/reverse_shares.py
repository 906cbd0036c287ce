"""Money went back to the buyer: the shares of it go back, too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import MoreThanLeft, ReversalTaken
from santong.settlement.events import SharesReversed
from santong.settlement.models import Reversal, Sale, SaleLine
from santong.settlement.rules.terms import clean_reason
from santong.settlement.services.book import book
from santong.settlement.services.lock_sale import lock_sale


@all_or_nothing
def reverse_shares(
    *,
    merchant_id: int,
    document: str,
    key: str,
    kind: contracts.ReversalKind,
    amount_minor: int,
    amount_by_line: Mapping[int, int] | None = None,
    bearer_id: int | None = None,
    reason: str,
    now: datetime,
) -> int:
    """Take the shares of so much back, pro rata, once for the key; say what is left of the sale.

    With amounts by order line, of these lines; without, of all. It does not matter whether shares
    are due or were paid out: who has been paid owes it to the next payout. With a party that bears
    it, the others are given as much as they lose by it, at that party's cost.

    Raises NoSuch, MoreThanLeft, ReversalTaken, FieldInvalid. Emits SharesReversed. Locks the sale,
    shares, then accounts.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document)
    by_number = _by_number(merchant_id, sale, amount_by_line or {})
    if amount_minor <= 0 or (by_number and sum(by_number.values()) != amount_minor):
        raise FieldInvalid(pointer="/amount_minor", reason="more than nothing, and its lines' sum")
    before = Reversal.objects.of_merchant(merchant_id).filter(sale=sale, key=key).first()
    if before is not None:
        same = (before.kind, before.amount_minor, before.amount_by_line)
        if same != (kind, amount_minor, by_number):
            raise ReversalTaken(document=document, key=key)
        return sale.left_minor
    Reversal.objects.create(
        merchant_id=merchant_id,
        sale=sale,
        key=key,
        kind=kind,
        amount_minor=amount_minor,
        amount_by_line=by_number,
        reason=clean_reason(reason),
        at=now,
        bearer_id=bearer_id,
    )
    left_minor = sale.left_minor
    taken = -book(merchant_id=merchant_id, sale=sale, kind="reversed", reason=reason, now=now)
    if taken != amount_minor:
        raise MoreThanLeft(document=document, wanted_minor=amount_minor, left_minor=left_minor)
    outbox.publish(
        SharesReversed(
            document=document,
            sale_id=sale.id,
            key=key,
            currency=sale.currency,
            amount_minor=taken,
            left_minor=sale.left_minor,
        ),
        now=now,
    )
    return sale.left_minor


def _by_number(merchant_id: int, sale: Sale, amount_by_line: Mapping[int, int]) -> dict[str, int]:
    """Amounts by the number of the line in the sale."""
    lines = SaleLine.objects.of_merchant(merchant_id).filter(sale=sale, kind="goods")
    number_of = dict(lines.values_list("order_line_id", "number"))
    for line_id, amount in amount_by_line.items():
        if line_id not in number_of or amount <= 0:
            raise FieldInvalid(
                pointer=f"/amount_by_line/{line_id}", reason="a line of the sale, and an amount"
            )
    return {str(number_of[line_id]): amount for line_id, amount in amount_by_line.items()}
