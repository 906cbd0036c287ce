"""Sales with their shares, and which rule made each."""

from __future__ import annotations

from collections.abc import Iterable

from santong.kernel.errors import NoSuch
from santong.settlement import contracts
from santong.settlement.models import Reversal, Sale, Share
from santong.settlement.rules.terms import sold_from_json
from santong.settlement.selectors.shares import share_of


def shared_sale(
    *, merchant_id: int, document: str, party_ids: Iterable[int] | None = None
) -> contracts.SharedSale:
    """A sale with its shares; with `party_ids`, with theirs only. Raises NoSuch."""
    row = (
        Sale.objects.of_merchant(merchant_id)
        .filter(document=document)
        .select_related("rule_set")
        .first()
    )
    if row is None:
        raise NoSuch(kind="shared sale", key=document[:80])
    shares = (
        Share.objects.of_merchant(merchant_id).filter(sale=row).exclude(part__state="superseded")
    )
    if party_ids is not None:
        shares = shares.filter(party__in=list(party_ids))
    rows = shares.select_related("sale__rule_set", "party", "part", "part__line").order_by(
        "part__line__number", "part_id", "place"
    )
    reversals = Reversal.objects.of_merchant(merchant_id).filter(sale=row).order_by("id")
    version = row.rule_set.version if row.rule_set else 0
    return contracts.SharedSale(
        id=row.id,
        document=row.document,
        order_id=row.order_id,
        currency=row.currency,
        sold=sold_from_json(row.sold),
        paid_minor=row.paid_minor,
        left_minor=row.left_minor,
        version=version,
        rule_set_id=row.rule_set_id,
        paid_at=row.paid_at,
        frozen_at=row.frozen_at,
        received_at=row.received_at,
        accepted_at=row.accepted_at,
        shares=tuple(share_of(each) for each in rows),
        reversals=tuple(_reversal(each) for each in reversals),
    )


def _reversal(row: Reversal) -> contracts.Reversal:
    kind: contracts.ReversalKind = row.kind  # type: ignore[assignment]
    return contracts.Reversal(
        id=row.id,
        key=row.key,
        kind=kind,
        amount_minor=row.amount_minor,
        reason=row.reason,
        at=row.at,
        restored_at=row.restored_at,
    )


def is_shared(*, merchant_id: int, document: str) -> bool:
    """Whether a document was paid in full and shared."""
    return Sale.objects.of_merchant(merchant_id).filter(document=document).exists()


def is_reversed(*, merchant_id: int, document: str, key: str) -> bool:
    """Whether something of a document was reversed under a key, restored or not."""
    rows = Reversal.objects.of_merchant(merchant_id)
    return rows.filter(sale__document=document, key=key).exists()


def left_of_sale(*, merchant_id: int, document: str) -> int:
    """What is still shared of a document; nothing of one that is not shared."""
    rows = Sale.objects.of_merchant(merchant_id).filter(document=document)
    left: int | None = rows.values_list("left_minor", flat=True).first()
    return left or 0
