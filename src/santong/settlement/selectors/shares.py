"""Shares one by one: whose they are, of which sale, and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from santong.settlement import contracts
from santong.settlement.models import Sale, Share

# As `contracts.Share.state` has it.
_IN_STATE: Mapping[contracts.ShareState, Q] = {
    "pending": Q(is_due=False) & ~Q(left_minor=0),
    "due": Q(is_due=True) & ~Q(left_minor=0),
    "reversed": Q(left_minor=0) & ~Q(part__state="cancelled"),
    "cancelled": Q(left_minor=0, part__state="cancelled"),
}


def shares_page(
    *,
    merchant_id: int,
    party_ids: Collection[int] | None = None,
    state: contracts.ShareState | None = None,
    frozen_from: datetime | None = None,
    frozen_until: datetime | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Share]:
    """Shares, newest first, without those that others took the place of; the end is excluded."""
    rows = Share.objects.of_merchant(merchant_id).exclude(part__state="superseded")
    if party_ids is not None:
        rows = rows.filter(party__in=list(party_ids))
    if state is not None:
        rows = rows.filter(_IN_STATE[state])
    if frozen_from is not None and frozen_until is not None:
        sales = Sale.objects.of_merchant(merchant_id).filter(
            frozen_at__gte=frozen_from, frozen_at__lt=frozen_until
        )
        rows = rows.filter(sale__in=sales.values("id"))
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    rows = rows.select_related("sale__rule_set", "party", "part", "part__line").order_by("-id")
    return [share_of(row) for row in rows[:limit]]


def share_of(row: Share) -> contracts.Share:
    """A share with its line, its sale and the version of its rule: they come with the row."""
    line = row.part.line
    filler = row.part.filler or {}
    return contracts.Share(
        id=row.id,
        party_id=row.party_id,
        party_code=row.party.code,
        party_name=row.party.name,
        part_id=row.part_id,
        line_number=line.number,
        line_kind="goods" if line.kind == "goods" else "freight",
        order_line_id=line.order_line_id,
        sku=line.sku,
        pieces=row.part.pieces,
        filler=filler.get("code", ""),
        role=row.role,
        rule=row.rule,
        version=row.sale.rule_set.version if row.sale.rule_set else 0,
        base=row.base,
        base_minor=row.base_minor,
        rate_bp=row.rate_bp,
        fixed_minor=row.fixed_minor,
        bound=row.bound,
        amount_minor=row.amount_minor,
        left_minor=row.left_minor,
        due_basis=row.due_basis,
        due_days=row.due_days,
        due_at=row.due_at,
        is_due=row.is_due,
        is_cancelled=row.part.state == "cancelled",
        filler_dealer=filler.get("dealer", ""),
        document=row.sale.document,
        order_id=row.sale.order_id,
        currency=row.sale.currency,
        frozen_at=row.sale.frozen_at,
    )
