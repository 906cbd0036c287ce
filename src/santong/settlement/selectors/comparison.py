"""What other rules would change for whom, over the newest sales: nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict

from santong.settlement import contracts
from santong.settlement.models import Part, Sale
from santong.settlement.rules.terms import check_terms
from santong.settlement.selectors.simulation import shared_by

MOST_COMPARED = 500
SAMPLES = 5


def compare_rules(
    *,
    merchant_id: int,
    before: contracts.SharingTerms,
    after: contracts.SharingTerms,
    sales: int = MOST_COMPARED,
) -> contracts.Compared:
    """Share the newest sales by two sets of terms, as far as it is known who fills them.

    Both sides are computed: what a sale was frozen by does not matter, nor what went back of it.
    The samples are those of which most would move. Two queries, however many sales.

    Raises FieldInvalid.
    """
    check_terms(terms=before)
    check_terms(terms=after)
    rows = list(Sale.objects.of_merchant(merchant_id).order_by("-id")[:sales])
    parts_by_sale = _parts_by_sale(merchant_id, rows)
    found = [_compared(sale, parts_by_sale[sale.id], before, after) for sale in rows]
    moved = [each for each in found if _moved(each)]
    return contracts.Compared(
        sales=len(rows),
        moved=len(moved),
        since=min((sale.paid_at for sale in rows), default=None),
        parties=_summed(found),
        samples=tuple(sorted(moved, key=lambda each: -_moved(each))[:SAMPLES]),
    )


def _parts_by_sale(merchant_id: int, rows: list[Sale]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    parts = Part.objects.of_merchant(merchant_id).filter(
        sale__in=[sale.id for sale in rows], state="open"
    )
    for part in parts.select_related("line").order_by("id"):
        found[part.sale_id].append(part)
    return found


def _compared(
    sale: Sale,
    parts: list[Part],
    before: contracts.SharingTerms,
    after: contracts.SharingTerms,
) -> contracts.ComparedSale:
    old = shared_by(sale=sale, parts=parts, terms=before)
    new = shared_by(sale=sale, parts=parts, terms=after)
    return contracts.ComparedSale(
        document=sale.document,
        order_id=sale.order_id,
        paid_at=sale.paid_at,
        paid_minor=sum(part.paid_minor for part in parts),
        currency=sale.currency,
        parties=tuple(
            contracts.PartySums(
                party_code=code,
                currency=sale.currency,
                before_minor=old[code],
                after_minor=new[code],
            )
            for code in sorted(old.keys() | new.keys())
        ),
    )


def _moved(sale: contracts.ComparedSale) -> int:
    return sum(abs(each.more_minor) for each in sale.parties)


def _summed(found: list[contracts.ComparedSale]) -> tuple[contracts.PartySums, ...]:
    """Those for whom most changes come first."""
    old, new = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for sale in found:
        for each in sale.parties:
            old[each.currency, each.party_code] += each.before_minor
            new[each.currency, each.party_code] += each.after_minor
    sums = [
        contracts.PartySums(
            party_code=key[1], currency=key[0], before_minor=old[key], after_minor=new[key]
        )
        for key in old.keys() | new.keys()
    ]
    return tuple(
        sorted(sums, key=lambda each: (each.currency, -abs(each.more_minor), each.party_code))
    )
