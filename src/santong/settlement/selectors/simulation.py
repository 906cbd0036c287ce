"""How sales would have been shared by other rules: nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from santong.settlement import contracts
from santong.settlement.models import Part, Sale, Share
from santong.settlement.rules.shares import shares_of
from santong.settlement.rules.terms import check_terms, sold_from_json


def simulate_rules(
    *, merchant_id: int, terms: contracts.SharingTerms, documents: Sequence[str]
) -> list[contracts.Simulated]:
    """Share past sales by other terms, as far as it is known who fills them.

    Compared is what was frozen, before anything went back; documents that are not shared are left
    out. Raises FieldInvalid.
    """
    check_terms(terms=terms)
    sales = Sale.objects.of_merchant(merchant_id).filter(document__in=list(documents))
    return [_simulated(sale, terms) for sale in sales.order_by("id")]


def shared_by(*, sale: Sale, parts: Iterable[Part], terms: contracts.SharingTerms) -> Counter[str]:
    """What each party would get of a sale by terms, by the code of the party."""
    after = Counter[str]()
    sold = sold_from_json(sale.sold)
    for part in parts:
        cuts = shares_of(
            piece=contracts.Piece(
                kind="goods" if part.line.kind == "goods" else "freight",
                pieces=part.pieces,
                paid_minor=part.paid_minor,
                price_minor=part.price_minor,
                list_minor=part.list_minor,
                sku=part.line.sku,
                category=part.line.category,
            ),
            sold=sold,
            filler=None if part.filler is None else contracts.Place(**part.filler),
            terms=terms,
        )
        for cut in cuts:
            after[cut.party.text] += cut.amount_minor
    return after


def _simulated(sale: Sale, terms: contracts.SharingTerms) -> contracts.Simulated:
    before = Counter[str]()
    parts = Part.objects.of_merchant(sale.merchant_id).filter(sale=sale, state="open")
    after = shared_by(sale=sale, parts=parts.select_related("line"), terms=terms)
    shares = Share.objects.of_merchant(sale.merchant_id).filter(sale=sale, part__state="open")
    for code, minor in shares.values_list("party__code", "amount_minor"):
        before[code] += minor
    return contracts.Simulated(
        document=sale.document,
        currency=sale.currency,
        changes=tuple(
            contracts.SimulatedParty(
                party_code=code, before_minor=before[code], after_minor=after[code]
            )
            for code in sorted(before.keys() | after.keys())
        ),
    )
