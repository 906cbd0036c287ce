"""It is known who does the work at the buyer's: the installer's shares are theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.settlement.models import Part, Sale
from santong.settlement.rules.terms import sold_from_json, sold_to_json
from santong.settlement.services.book import book
from santong.settlement.services.lock_sale import lock_sale
from santong.settlement.services.share_parts import share_parts


@all_or_nothing
def name_installer(*, merchant_id: int, document: str, installer: str, now: datetime) -> None:
    """Say which provider does the work of a sale; rules that name nobody mean them.

    What had been frozen is shared anew under the same terms; together it stays what was paid.
    Another provider may take over until the buyer has accepted; after that nothing changes.

    Raises NoSuch. Locks the sale, shares, then accounts.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document)
    sold = sold_from_json(sale.sold)
    if sold.installer == installer or sale.accepted_at is not None:
        return
    sale.sold = sold_to_json(replace(sold, installer=installer))
    sale.save(update_fields=["sold"])
    _share_anew(merchant_id, sale, now)
    audit.record(
        audit.Change(
            action="settlement.name_installer",
            subject="sale",
            subject_id=sale.id,
            reason=document,
            before={"installer": sold.installer},
            after={"installer": installer},
        ),
        now=now,
    )
    book(merchant_id=merchant_id, sale=sale, kind="assigned", reason="", now=now)


def _share_anew(merchant_id: int, sale: Sale, now: datetime) -> None:
    """The same parts once more, under terms that know somebody more."""
    rows = Part.objects.of_merchant(merchant_id).filter(sale=sale, state="open")
    parts = list(rows.select_related("line").order_by("id"))
    rows.update(state="superseded")
    share_parts(
        merchant_id=merchant_id, sale=sale, parts=[_again(part, now) for part in parts], now=now
    )


def _again(part: Part, now: datetime) -> Part:
    return Part(
        merchant_id=part.merchant_id,
        sale_id=part.sale_id,
        line=part.line,
        key=part.key,
        pieces=part.pieces,
        paid_minor=part.paid_minor,
        price_minor=part.price_minor,
        list_minor=part.list_minor,
        filler=part.filler,
        state="open",
        made_at=now,
    )
