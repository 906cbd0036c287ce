"""The buyer has the goods: from now on shares wait for the end of the return period."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.money import spread
from santong.kernel.tenancy import all_or_nothing
from santong.settlement.contracts import Place
from santong.settlement.models import Part, Sale, Share
from santong.settlement.rules.matching import NOWHERE
from santong.settlement.rules.terms import sold_from_json
from santong.settlement.services.book import book
from santong.settlement.services.lock_sale import lock_sale
from santong.settlement.services.share_parts import due_at, share_parts
from santong.settlement.services.split_part import first_of, waiting_parts


@all_or_nothing
def record_receipt(
    *, merchant_id: int, document: str, received_at: datetime, now: datetime
) -> None:
    """Note when the buyer had all of it, once; shares that wait for that have a day from then on.

    What nobody was seen to fill was filled by the selling place, or by the merchant. The freight
    is divided once, by the pieces that each place sent, however many parcels there were.

    Raises NoSuch. Locks the sale, shares, then accounts.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document)
    if sale.received_at is not None:
        return
    sale.received_at = received_at
    seller = sold_from_json(sale.sold).seller or NOWHERE
    for part in waiting_parts(merchant_id=merchant_id, sale=sale, kind="goods"):
        first_of(sale=sale, part=part, pieces=part.pieces, key="unseen", filler=seller, now=now)
    for part in waiting_parts(merchant_id=merchant_id, sale=sale, kind="freight"):
        _divide_freight(sale, part, seller, now)
    set_days(merchant_id=merchant_id, sale=sale, basis="receipt")
    book(merchant_id=merchant_id, sale=sale, kind="assigned", reason="", now=now)


def set_days(*, merchant_id: int, sale: Sale, basis: str) -> None:
    """Shares that waited for this get their day."""
    rows = Share.objects.of_merchant(merchant_id).filter(
        sale=sale, due_basis=basis, due_at=None, part__state="open"
    )
    for days in rows.order_by("due_days").values_list("due_days", flat=True).distinct():
        rows.filter(due_days=days).update(due_at=due_at(sale, basis=basis, days=days))


def _divide_freight(sale: Sale, part: Part, seller: Place, now: datetime) -> None:
    """One part of the freight for each place, by the pieces that it sent."""
    sent: dict[tuple[str, str], int] = {}
    goods = Part.objects.of_merchant(sale.merchant_id).filter(
        sale=sale, state="open", line__kind="goods"
    )
    for each in goods.order_by("id"):
        place = (each.filler["code"], each.filler["dealer"]) if each.filler else ("", "")
        sent[place] = sent.get(place, 0) + each.pieces
    fillers = [Place(code=code, dealer=dealer) for code, dealer in sent] or [seller]
    amounts = spread(part.paid_minor, over=list(sent.values()) or [1])
    part.state = "superseded"
    part.save(update_fields=["state"])
    share_parts(
        merchant_id=sale.merchant_id,
        sale=sale,
        parts=[
            Part(
                merchant_id=sale.merchant_id,
                sale=sale,
                line=part.line,
                key=f"freight:{filler.code}",
                pieces=pieces,
                paid_minor=amount,
                price_minor=amount,
                list_minor=amount,
                filler={"code": filler.code, "dealer": filler.dealer},
                state="open",
                made_at=now,
            )
            for filler, pieces, amount in zip(
                fillers, list(sent.values()) or [part.pieces], amounts, strict=True
            )
        ],
        now=now,
    )
