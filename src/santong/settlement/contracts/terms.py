"""What parties of a sale agreed: rules of sharing, and terms of those who own the goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

LONGEST_CODE = 60
LONGEST_REASON = 200
WHOLE_BP = 10_000
MOST_MINOR = 10**12
MOST_DAYS = 3_650

# What somebody was in a sale. `dealer` is the dealer whose store sold; who gets what is left is
# `rest`, whom others' shares are taken from unless a rule names a bearer.
Role = Literal[
    "head_office",
    "seller",
    "filler",
    "dealer",
    "clerk",
    "platform",
    "installer",
    "marketplace",
    "seller_owner",
    "goods_owner",
]
ROLES: tuple[Role, ...] = get_args(Role)

# What a rate is taken of: what was paid, the price before discounts, the list price (吊牌价), the
# discounts, what is paid less the transfer price, or the freight.
Base = Literal["paid", "price", "list", "discount", "margin", "freight"]
BASES: tuple[Base, ...] = get_args(Base)

DueBasis = Literal["receipt", "acceptance"]
DUE_BASES: tuple[DueBasis, ...] = get_args(DueBasis)

Owners = Literal["any", "same", "different"]
OWNERS: tuple[Owners, ...] = get_args(Owners)
PlaceOf = Literal["any", "own", "dealer"]
PLACES_OF: tuple[PlaceOf, ...] = get_args(PlaceOf)
GoodsOf = Literal["dealer", "head_office"]
GOODS_OF: tuple[GoodsOf, ...] = get_args(GoodsOf)
OwnersKind = Literal["commission", "transfer_price"]
OWNERS_KINDS: tuple[OwnersKind, ...] = get_args(OwnersKind)
OwnersBase = Literal["paid", "price", "list"]
OWNERS_BASES: tuple[OwnersBase, ...] = get_args(OwnersBase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a share can be paid out: days after the buyer has the goods, or accepted the work."""

    basis: DueBasis = "receipt"
    days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """To which lines a rule applies; what is empty asks for nothing.

    `owners` compares who owns the goods with who owns the selling place. What asks about the
    filling place applies once that is known.
    """

    storefronts: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    seller_of: PlaceOf = "any"
    filler_of: PlaceOf = "any"
    owners: Owners = "any"
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One role's share: `rate_bp` of a base, and so much for a piece, within bounds for a piece.

    It is taken from what is left of the line, or borne by `bearer`. `party_code` names an
    installer; without it an installer's share is whose who did the work, and nobody's until then.
    """

    code: str
    role: Role
    base: Base = "paid"
    rate_bp: int = 0
    fixed_minor: int = 0
    min_minor: int | None = None
    max_minor: int | None = None
    bearer: Role | None = None
    party_code: str = ""
    due: Due = Due()
    when: When = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPrice:
    """What one piece of a SKU costs whoever sells it for its owner."""

    sku: str
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerTerms:
    """What holds where one company sells the goods of another (货权).

    `goods_of` says whose goods are sold by whom: a dealer's by others, or head office's by a
    dealer; `dealer` is that dealer, or any. With `commission` the seller's owner gets `rate_bp` of
    what is paid and the goods' owner the rest; with `transfer_price` the goods' owner gets that
    price (of a SKU, or `rate_bp` of the base) and the seller's owner the rest.
    """

    goods_of: GoodsOf
    kind: OwnersKind
    dealer: str = ""
    base: OwnersBase = "paid"
    rate_bp: int = 0
    prices: tuple[TransferPrice, ...] = ()
    due: Due = Due()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingTerms:
    """All that a sale is shared by. Rules apply each on its own, in their order."""

    rules: tuple[Rule, ...] = ()
    owners: tuple[OwnerTerms, ...] = ()
    rest_due: Due = Due()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A version of the terms: in force for what is paid from `valid_from`, never changed.

    `drafted_by` is empty where one person published it alone.
    """

    id: int
    version: int
    terms: SharingTerms
    reason: str
    valid_from: datetime
    drafted_by: str
    published_by: str
    published_at: datetime
