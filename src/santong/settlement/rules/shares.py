"""Who gets how much of a part of a line: whole minor units that add up to what was paid.

Rates are exact until the end; what they come to is rounded once, by largest remainder over all who
share the part, so nobody is a minor unit away from what is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from santong.settlement.contracts import (
    WHOLE_BP,
    Base,
    Cut,
    Due,
    OwnerTerms,
    PartyRef,
    Piece,
    Place,
    Rule,
    SharingTerms,
    Sold,
)
from santong.settlement.rules.matching import (
    applies,
    goods_owner,
    owner_of,
    party_of,
    terms_of_owners,
)

Bound = Literal["", "min", "max"]
REST = "rest"


def shares_of(
    *, piece: Piece, sold: Sold, filler: Place | None, terms: SharingTerms
) -> tuple[Cut, ...]:
    """Share a part of a line; the amounts add up to what was paid for it, whatever the terms.

    Each rule takes from what is left, which falls to the goods' owner or the seller's, or has a
    bearer. Who bears more than comes in has less than nothing. Nothing is no share.
    """
    between = None
    if piece.kind == "goods":
        between = terms_of_owners(terms=terms, sold=sold, filler=filler)
    base_minor = _bases(piece, between)
    taken = _owners_part(between, base_minor, piece, sold, filler)
    borne: list[_Part] = []
    for rule in terms.rules:
        part = _part_of_rule(rule, base_minor, piece, sold, filler)
        if part is None:
            continue
        bearer = rule.bearer and party_of(
            rule.bearer, sold=sold, filler=filler, party_code=rule.party_code
        )
        if not bearer:
            taken.append(part)
        elif bearer != part.party:
            borne += [part.rounded(), part.rounded().borne_by(bearer)]
    rest = _rest(taken, piece, _taker(between, piece, sold, filler), terms.rest_due)
    return tuple(
        each.cut(amount)
        for each, amount in [
            *zip([*taken, rest], _apportioned([*taken, rest]), strict=True),
            *((part, part.exact // WHOLE_BP) for part in borne),
        ]
        if amount
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A share before it is rounded: `exact` counts ten-thousandths of a minor unit."""

    party: PartyRef
    role: str
    rule: str
    base: str
    base_minor: int
    rate_bp: int
    fixed_minor: int
    bound: Bound
    exact: int
    due: Due

    def rounded(self) -> _Part:
        """Half a minor unit and more is one: both sides of a borne share round alike."""
        return self._with((self.exact + WHOLE_BP // 2) // WHOLE_BP * WHOLE_BP, self.party, "")

    def borne_by(self, bearer: PartyRef) -> _Part:
        return self._with(-self.exact, bearer, "bearer")

    def cut(self, amount_minor: int) -> Cut:
        return Cut(
            party=self.party,
            role=self.role,
            rule=self.rule,
            base=self.base,
            base_minor=self.base_minor,
            rate_bp=self.rate_bp,
            fixed_minor=self.fixed_minor,
            bound=self.bound,
            amount_minor=amount_minor,
            due=self.due,
        )

    def _with(self, exact: int, party: PartyRef, role: str) -> _Part:
        return _Part(
            party,
            role or self.role,
            self.rule,
            self.base,
            self.base_minor,
            self.rate_bp,
            self.fixed_minor,
            self.bound,
            exact,
            self.due,
        )


def _bases(piece: Piece, between: OwnerTerms | None) -> Mapping[Base, int]:
    is_goods = piece.kind == "goods"
    cost = _transfer_price(between, piece) // WHOLE_BP if between else 0
    return {
        "paid": piece.paid_minor if is_goods else 0,
        "price": piece.price_minor if is_goods else 0,
        "list": piece.list_minor if is_goods else 0,
        "discount": max(0, piece.price_minor - piece.paid_minor) if is_goods else 0,
        "margin": max(0, piece.paid_minor - cost) if is_goods else 0,
        "freight": 0 if is_goods else piece.paid_minor,
    }


def _transfer_price(between: OwnerTerms, piece: Piece) -> int:
    """What the goods cost the seller, in ten-thousandths; nothing where it is a commission."""
    if between.kind != "transfer_price":
        return 0
    for each in between.prices:
        if each.sku == piece.sku:
            return each.price_minor * piece.pieces * WHOLE_BP
    bases = {"paid": piece.paid_minor, "price": piece.price_minor, "list": piece.list_minor}
    return bases[between.base] * between.rate_bp


def _owners_part(
    between: OwnerTerms | None,
    base_minor: Mapping[Base, int],
    piece: Piece,
    sold: Sold,
    filler: Place | None,
) -> list[_Part]:
    """What the one owner gets before the other takes the rest."""
    if between is None:
        return []
    if between.kind == "commission":
        exact = base_minor[between.base] * between.rate_bp
        party, role = owner_of(sold.seller), "seller_owner"
    else:
        exact = _transfer_price(between, piece)
        party, role = goods_owner(sold=sold, filler=filler), "goods_owner"
    is_fixed = between.kind == "transfer_price" and any(
        each.sku == piece.sku for each in between.prices
    )
    return [
        _Part(
            party,
            role,
            between.kind,
            between.base,
            base_minor[between.base],
            0 if is_fixed else between.rate_bp,
            exact // WHOLE_BP if is_fixed else 0,
            "",
            exact,
            between.due,
        )
    ]


def _part_of_rule(
    rule: Rule,
    base_minor: Mapping[Base, int],
    piece: Piece,
    sold: Sold,
    filler: Place | None,
) -> _Part | None:
    if (rule.base == "freight") != (piece.kind == "freight"):
        return None
    if not applies(rule.when, piece=piece, sold=sold, filler=filler):
        return None
    party = party_of(rule.role, sold=sold, filler=filler, party_code=rule.party_code)
    if party is None:
        return None
    fixed = rule.fixed_minor * piece.pieces if piece.kind == "goods" else 0
    exact, bound = _bounded(
        base_minor[rule.base] * rule.rate_bp + fixed * WHOLE_BP, rule, piece.pieces
    )
    return _Part(
        party,
        rule.role,
        rule.code,
        rule.base,
        base_minor[rule.base],
        rule.rate_bp,
        fixed,
        bound,
        exact,
        rule.due,
    )


def _bounded(exact: int, rule: Rule, pieces: int) -> tuple[int, Bound]:
    if rule.min_minor is not None and exact < rule.min_minor * pieces * WHOLE_BP:
        return rule.min_minor * pieces * WHOLE_BP, "min"
    if rule.max_minor is not None and exact > rule.max_minor * pieces * WHOLE_BP:
        return rule.max_minor * pieces * WHOLE_BP, "max"
    return exact, ""


def _taker(between: OwnerTerms | None, piece: Piece, sold: Sold, filler: Place | None) -> PartyRef:
    """Whose the rest is: who sells on their own account.

    Without terms between two owners, the goods' owner does.
    """
    if piece.kind == "freight" or (between and between.kind == "transfer_price"):
        return owner_of(sold.seller)
    return goods_owner(sold=sold, filler=filler)


def _rest(taken: Sequence[_Part], piece: Piece, taker: PartyRef, due: Due) -> _Part:
    exact = piece.paid_minor * WHOLE_BP - sum(each.exact for each in taken)
    base = "freight" if piece.kind == "freight" else "paid"
    return _Part(taker, REST, REST, base, piece.paid_minor, 0, 0, "", exact, due)


def _apportioned(parts: Sequence[_Part]) -> list[int]:
    """Whole minor units by largest remainder; the earlier place wins a tie."""
    amounts = [part.exact // WHOLE_BP for part in parts]
    over = [part.exact % WHOLE_BP for part in parts]
    more = sum(over) // WHOLE_BP
    for place in sorted(range(len(parts)), key=lambda i: (-over[i], i))[:more]:
        amounts[place] += 1
    return amounts
