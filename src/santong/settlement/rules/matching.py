"""Whom a role means in a sale, and to which parts a rule applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from santong.settlement.contracts import (
    OwnerTerms,
    PartyRef,
    Piece,
    Place,
    PlaceOf,
    Role,
    SharingTerms,
    Sold,
    When,
)

HEAD_OFFICE = PartyRef(kind="head_office")
TO_COME = PartyRef(kind="to_come")
# Who fills when nobody else did: the merchant itself, from nowhere in particular.
NOWHERE = Place(code="")


def party_of(
    role: Role, *, sold: Sold, filler: Place | None, party_code: str = ""
) -> PartyRef | None:
    """The party that has a role in a sale; none where nobody has it."""
    found = _PARTY_OF[role](sold, filler)
    if role == "installer" and party_code:
        return PartyRef(kind="installer", code=party_code)
    return found


def owner_of(place: Place | None) -> PartyRef:
    """Who owns a place, and the goods in it: its dealer, or the merchant."""
    if place is not None and place.dealer:
        return PartyRef(kind="dealer", code=place.dealer)
    return HEAD_OFFICE


def goods_owner(*, sold: Sold, filler: Place | None) -> PartyRef:
    """Who owns the goods (货权); until they leave a place, whoever owns the seller."""
    return owner_of(sold.seller if filler is None else filler)


def terms_of_owners(*, terms: SharingTerms, sold: Sold, filler: Place | None) -> OwnerTerms | None:
    """What holds between the goods' owner and the seller's, where they are not the same."""
    goods, seller = goods_owner(sold=sold, filler=filler), owner_of(sold.seller)
    if goods == seller:
        return None
    of = "dealer" if goods.kind == "dealer" else "head_office"
    dealer = goods.code if of == "dealer" else seller.code
    candidates = [each for each in terms.owners if each.goods_of == of]
    for wanted in (dealer, ""):
        for each in candidates:
            if each.dealer == wanted:
                return each
    return None


def applies(when: When, *, piece: Piece, sold: Sold, filler: Place | None) -> bool:
    """Whether a rule's condition holds for a part of a line."""
    return (
        _among(sold.storefront, when.storefronts)
        and _among(sold.channel, when.channels)
        and _among(sold.brand, when.brands)
        and _among(piece.sku, when.skus)
        and _under(piece.category, when.categories)
        and _at(sold.seller, when.sellers, when.seller_of)
        and _at(filler, when.fillers, when.filler_of)
        and _between(when, sold, filler)
    )


def _seller_dealer(sold: Sold) -> PartyRef | None:
    owner = owner_of(sold.seller)
    return owner if owner.kind == "dealer" else None


def _filler(filler: Place | None) -> PartyRef:
    if filler is None:
        return TO_COME
    return PartyRef(kind="place", code=filler.code) if filler.code else HEAD_OFFICE


_PARTY_OF: Mapping[Role, Callable[[Sold, Place | None], PartyRef | None]] = {
    "head_office": lambda _sold, _filler: HEAD_OFFICE,
    "seller": lambda sold, _filler: (
        PartyRef(kind="place", code=sold.seller.code) if sold.seller else None
    ),
    "filler": lambda _sold, filler: _filler(filler),
    "dealer": lambda sold, _filler: _seller_dealer(sold),
    "clerk": lambda sold, _filler: PartyRef(kind="clerk", code=sold.clerk) if sold.clerk else None,
    "platform": lambda _sold, _filler: PartyRef(kind="platform"),
    "installer": lambda sold, _filler: (
        PartyRef(kind="installer", code=sold.installer) if sold.installer else None
    ),
    "marketplace": lambda sold, _filler: PartyRef(kind="marketplace", code=sold.storefront),
    "seller_owner": lambda sold, _filler: owner_of(sold.seller),
    "goods_owner": lambda sold, filler: goods_owner(sold=sold, filler=filler),
}


def _among(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _under(category: str, wanted: tuple[str, ...]) -> bool:
    """`女装` holds for `女装/连衣裙`, and not for `女装鞋`."""
    return not wanted or any(f"{category}/".startswith(f"{each}/") for each in wanted)


def _at(place: Place | None, wanted: tuple[str, ...], of: PlaceOf) -> bool:
    if not wanted and of == "any":
        return True
    if place is None:
        return False
    return _among(place.code, wanted) and (
        of == "any" or (of == "dealer") == (owner_of(place).kind == "dealer")
    )


def _between(when: When, sold: Sold, filler: Place | None) -> bool:
    if when.owners == "any":
        return True
    is_same = goods_owner(sold=sold, filler=filler) == owner_of(sold.seller)
    return is_same == (when.owners == "same")
