"""Parts of lines and their shares, under the terms that a sale was frozen with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from santong.settlement.contracts import Cut, PartyRef, Piece, Place, SharingTerms, Sold
from santong.settlement.models import Part, RuleSet, Sale, SaleLine, Share
from santong.settlement.rules.left import up_to
from santong.settlement.rules.shares import shares_of
from santong.settlement.rules.terms import sold_from_json, terms_from_json
from santong.settlement.services.open_parties import open_parties


def new_part(
    *, line: SaleLine, behind: int, pieces: int, key: str, filler: Place | None, now: datetime
) -> Part:
    """So many pieces of a line, behind those that other parts have."""

    def of(total: int) -> int:
        until = up_to(total, pieces=behind + pieces, of=line.pieces)
        return until - up_to(total, pieces=behind, of=line.pieces)

    return Part(
        merchant_id=line.merchant_id,
        sale_id=line.sale_id,
        line=line,
        key=key,
        pieces=pieces,
        paid_minor=of(line.paid_minor),
        price_minor=of(line.price_minor),
        list_minor=of(line.list_minor),
        filler=None if filler is None else {"code": filler.code, "dealer": filler.dealer},
        state="open",
        made_at=now,
    )


def share_parts(
    *, merchant_id: int, sale: Sale, parts: Sequence[Part], now: datetime
) -> list[Share]:
    """Write parts with their shares, nothing of which is booked yet. Parties open themselves."""
    Part.objects.bulk_create(parts)
    terms, sold = terms_of(merchant_id=merchant_id, sale=sale), sold_from_json(sale.sold)
    cuts = [(part, _cuts(part, sold, terms)) for part in parts]
    refs: dict[PartyRef, None] = {cut.party: None for _, found in cuts for cut in found}
    party_ids = open_parties(merchant_id=merchant_id, refs=refs, now=now)
    return Share.objects.bulk_create(
        [
            _share(sale, part, place, cut, party_ids[cut.party])
            for part, found in cuts
            for place, cut in enumerate(found, 1)
        ]
    )


def terms_of(*, merchant_id: int, sale: Sale) -> SharingTerms:
    """The terms that were in force when it was paid."""
    if sale.rule_set_id is None:
        return SharingTerms()
    return terms_from_json(RuleSet.objects.of_merchant(merchant_id).get(id=sale.rule_set_id).terms)


def due_at(sale: Sale, *, basis: str, days: int) -> datetime | None:
    """When a share is due; not known before the buyer has the goods, or accepted the work."""
    since = sale.received_at if basis == "receipt" else sale.accepted_at
    return None if since is None else since + timedelta(days=days)


def _cuts(part: Part, sold: Sold, terms: SharingTerms) -> tuple[Cut, ...]:
    line = part.line
    return shares_of(
        piece=Piece(
            kind="goods" if line.kind == "goods" else "freight",
            pieces=part.pieces,
            paid_minor=part.paid_minor,
            price_minor=part.price_minor,
            list_minor=part.list_minor,
            sku=line.sku,
            category=line.category,
        ),
        sold=sold,
        filler=None if part.filler is None else Place(**part.filler),
        terms=terms,
    )


def _share(sale: Sale, part: Part, place: int, cut: Cut, party_id: int) -> Share:
    return Share(
        merchant_id=sale.merchant_id,
        sale=sale,
        part=part,
        place=place,
        party_id=party_id,
        role=cut.role,
        rule=cut.rule,
        base=cut.base,
        base_minor=cut.base_minor,
        rate_bp=cut.rate_bp,
        fixed_minor=cut.fixed_minor,
        bound=cut.bound,
        amount_minor=cut.amount_minor,
        left_minor=0,
        due_basis=cut.due.basis,
        due_days=cut.due.days,
        due_at=due_at(sale, basis=cut.due.basis, days=cut.due.days),
        kept_minor=0 if cut.party.kind == "marketplace" else None,
    )
