"""One order's shares, line by line and party by party, with what the ledger says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.orders import public as orders
from santong.settlement import public as settlement
from santong.stores import public as stores


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySum:
    """What one party is owed of a sale."""

    party_id: int
    code: str
    name: str
    frozen_minor: int
    left_minor: int
    due_minor: int

    @property
    def gone_minor(self) -> int:
        """What went back, or was not sent."""
        return self.frozen_minor - self.left_minor

    @property
    def pending_minor(self) -> int:
        """What is left and not due."""
        return self.left_minor - self.due_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """A line of the sale: whose goods one place sends of it, and who gets what of that."""

    number: int
    kind: str
    name: str
    sku: str
    pieces: int
    filler: str
    filler_dealer: str
    shares: tuple[settlement.Share, ...]

    @property
    def frozen_minor(self) -> int:
        return sum(each.amount_minor for each in self.shares)

    @property
    def left_minor(self) -> int:
        return sum(each.left_minor for each in self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleStory:
    """Who is owed what of an order, by which rules, and where it is booked."""

    order: orders.Order
    sale: settlement.SharedSale
    parties: tuple[PartySum, ...]
    lines: tuple[SharedLine, ...]
    booked: tuple[settlement.Booked, ...]
    name_by_place: dict[str, str]
    party_by_id: dict[int, settlement.Party]

    @property
    def gone_minor(self) -> int:
        """What went back of what was paid."""
        return self.sale.paid_minor - self.sale.left_minor

    @property
    def due_minor(self) -> int:
        return sum(each.due_minor for each in self.parties)

    @property
    def pending_minor(self) -> int:
        return sum(each.pending_minor for each in self.parties)


def sale_story(*, merchant_id: int, order_id: int, party_ids: frozenset[int] | None) -> SaleStory:
    """An order's shares; with `party_ids`, theirs only. Raises NoSuch."""
    document = f"order:{order_id}"
    sale = settlement.shared_sale(merchant_id=merchant_id, document=document, party_ids=party_ids)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    codes = {share.filler for share in sale.shares if share.filler}
    if sale.sold.seller:
        codes.add(sale.sold.seller.code)
    places = stores.locations_by_code(merchant_id=merchant_id, codes=sorted(codes))
    booked = (
        settlement.booked_of(merchant_id=merchant_id, document=document)
        if party_ids is None
        else []
    )
    named = {side.party_id for txn in booked for side in txn.sides if side.party_id}
    return SaleStory(
        order=order,
        sale=sale,
        parties=_by_party(sale.shares),
        lines=_by_line(sale.shares, order),
        booked=tuple(booked),
        name_by_place={code: place.name for code, place in places.items()},
        party_by_id=settlement.parties_by_id(merchant_id=merchant_id, party_ids=named),
    )


def _by_party(shares: Sequence[settlement.Share]) -> tuple[PartySum, ...]:
    of: dict[int, list[settlement.Share]] = {}
    for share in shares:
        of.setdefault(share.party_id, []).append(share)
    found = [
        PartySum(
            party_id=party_id,
            code=rows[0].party_code,
            name=rows[0].party_name,
            frozen_minor=sum(each.amount_minor for each in rows),
            left_minor=sum(each.left_minor for each in rows),
            due_minor=sum(each.left_minor for each in rows if each.is_due),
        )
        for party_id, rows in of.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.frozen_minor, each.party_id)))


def _by_line(shares: Sequence[settlement.Share], order: orders.Order) -> tuple[SharedLine, ...]:
    """Shares in the order in which they come: by line, by what one place sends, by rule."""
    name_by_line = {line.id: line.sku_name for line in order.lines}
    of: dict[int, list[settlement.Share]] = {}
    for share in shares:
        of.setdefault(share.part_id, []).append(share)
    return tuple(
        SharedLine(
            number=rows[0].line_number,
            kind=rows[0].line_kind,
            name=name_by_line.get(rows[0].order_line_id or 0, ""),
            sku=rows[0].sku,
            pieces=rows[0].pieces,
            filler=rows[0].filler,
            filler_dealer=rows[0].filler_dealer,
            shares=tuple(rows),
        )
        for rows in of.values()
    )
