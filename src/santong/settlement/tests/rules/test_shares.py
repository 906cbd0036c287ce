"""Shares of a part of a line add up to what was paid for it, whatever the terms."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.settlement.contracts import (
    BASES,
    ROLES,
    WHOLE_BP,
    Cut,
    OwnerTerms,
    Piece,
    Place,
    Rule,
    SharingTerms,
    Sold,
    TransferPrice,
    When,
)
from santong.settlement.rules.shares import shares_of

OWN = Place(code="OWN")
EAST = Place(code="E1", dealer="east")
WEST = Place(code="W1", dealer="west")


def sold(*, seller: Place | None = None, clerk: str = "") -> Sold:
    return Sold(
        storefront="tmall", channel="marketplace", brand="qinghe", seller=seller, clerk=clerk
    )


def coat(paid_minor: int = 10_000, *, pieces: int = 1, price_minor: int = 0) -> Piece:
    return Piece(
        kind="goods",
        pieces=pieces,
        paid_minor=paid_minor,
        price_minor=price_minor or paid_minor,
        list_minor=20_000 * pieces,
        sku="COAT",
        category="女装/大衣",
    )


def by_party(cuts: tuple[Cut, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for cut in cuts:
        found[cut.party.text] = found.get(cut.party.text, 0) + cut.amount_minor
    return found


class Case(NamedTuple):
    name: str
    shares: dict[str, int]
    rules: tuple[Rule, ...] = ()
    owners: tuple[OwnerTerms, ...] = ()
    seller: Place | None = None
    filler: Place | None = None
    clerk: str = ""
    piece: Piece = coat()


CLERK = Rule(code="clerk", role="clerk", rate_bp=300)
COMMISSION = OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_500)
TRANSFER = OwnerTerms(goods_of="dealer", kind="transfer_price", base="list", rate_bp=3_000)
FUNDED = Rule(
    code="funded", role="seller_owner", base="discount", rate_bp=10_000, bearer="head_office"
)
CASES = [
    Case("without rules the merchant has all", {"head_office": 10_000}),
    Case(
        "a dealer's own store has all of what it sells",
        {"dealer:east": 10_000},
        seller=EAST,
        filler=EAST,
    ),
    Case(
        "a clerk's commission comes out of what is left",
        {"clerk:G1": 300, "head_office": 9_700},
        rules=(CLERK,),
        clerk="G1",
    ),
    Case("nobody is no clerk", {"head_office": 10_000}, rules=(CLERK,)),
    Case(
        "until the goods leave a place, the filler's share waits",
        {"to_come": 500, "head_office": 9_500},
        rules=(Rule(code="fee", role="filler", fixed_minor=500),),
    ),
    Case(
        "a fee for each piece goes to who fills it",
        {"place:OWN": 1_500, "head_office": 8_500},
        rules=(Rule(code="fee", role="filler", fixed_minor=500),),
        filler=OWN,
        piece=coat(pieces=3),
    ),
    Case(
        "a dealer's goods sold by the merchant on commission",
        {"dealer:east": 8_500, "head_office": 1_500},
        owners=(COMMISSION,),
        filler=EAST,
    ),
    Case(
        "a dealer's goods sold by the merchant at a transfer price",
        {"dealer:east": 6_000, "head_office": 4_000},
        owners=(TRANSFER,),
        filler=EAST,
    ),
    Case(
        "a SKU has a transfer price of its own",
        {"dealer:east": 7_000, "head_office": 3_000},
        owners=(
            OwnerTerms(
                goods_of="dealer",
                kind="transfer_price",
                prices=(TransferPrice(sku="COAT", price_minor=7_000),),
            ),
        ),
        filler=EAST,
    ),
    Case(
        "between two dealers the terms of the goods' owner hold",
        {"dealer:east": 8_500, "dealer:west": 1_500},
        owners=(COMMISSION,),
        seller=WEST,
        filler=EAST,
    ),
    Case(
        "a dealer's own terms come before those for any",
        {"dealer:east": 9_000, "head_office": 1_000},
        owners=(
            COMMISSION,
            OwnerTerms(goods_of="dealer", kind="commission", dealer="east", rate_bp=1_000),
        ),
        filler=EAST,
    ),
    Case(
        "the merchant's goods sold by a dealer",
        {"dealer:east": 2_000, "head_office": 8_000},
        owners=(OwnerTerms(goods_of="head_office", kind="commission", rate_bp=2_000),),
        seller=EAST,
        filler=OWN,
    ),
    Case(
        "without terms between them the goods' owner has all",
        {"dealer:east": 10_000},
        filler=EAST,
    ),
    Case(
        "a rate of the margin",
        {"place:OWN": 400, "dealer:east": 6_000, "head_office": 3_600},
        rules=(Rule(code="m", role="seller", base="margin", rate_bp=1_000),),
        owners=(TRANSFER,),
        seller=OWN,
        filler=EAST,
    ),
    Case(
        "who gives the discount bears it",
        {"dealer:east": 10_000, "head_office": -2_000},
        rules=(FUNDED,),
        seller=EAST,
        filler=EAST,
        piece=coat(8_000, price_minor=10_000),
    ),
    Case(
        "who bears their own share bears nothing",
        {"head_office": 8_000},
        rules=(FUNDED,),
        piece=coat(8_000, price_minor=10_000),
    ),
    Case(
        "two who share the discount bear a half each",
        {"dealer:east": 9_000, "head_office": -1_000},
        rules=(
            Rule(
                code="half",
                role="seller_owner",
                base="discount",
                rate_bp=5_000,
                bearer="head_office",
            ),
        ),
        seller=EAST,
        filler=EAST,
        piece=coat(8_000, price_minor=10_000),
    ),
    Case(
        "never less than the least",
        {"clerk:G1": 500, "head_office": 9_500},
        rules=(Rule(code="c", role="clerk", rate_bp=300, min_minor=500),),
        clerk="G1",
    ),
    Case(
        "never more than the most for a piece",
        {"clerk:G1": 400, "head_office": 9_600},
        rules=(Rule(code="c", role="clerk", rate_bp=3_000, max_minor=200),),
        clerk="G1",
        piece=coat(pieces=2),
    ),
    Case(
        "the freight is the filler's",
        {"place:E1": 800},
        rules=(CLERK, Rule(code="f", role="filler", base="freight", rate_bp=10_000)),
        filler=EAST,
        clerk="G1",
        piece=Piece(kind="freight", pieces=2, paid_minor=800, price_minor=800, list_minor=800),
    ),
    Case(
        "the marketplace's commission",
        {"marketplace:tmall": 550, "head_office": 9_450},
        rules=(Rule(code="m", role="marketplace", rate_bp=550),),
    ),
    Case(
        "an installer is named by the rule",
        {"installer:fix-it": 2_000, "head_office": 8_000},
        rules=(Rule(code="i", role="installer", fixed_minor=2_000, party_code="fix-it"),),
    ),
    Case(
        "a rule for another category does not hold, though it begins alike",
        {"head_office": 10_000},
        rules=(Rule(code="c", role="clerk", rate_bp=300, when=When(categories=("女装/大",))),),
        clerk="G1",
    ),
    Case(
        "a fee where another's goods are filled",
        {"place:OWN": 300, "dealer:east": 2_000, "head_office": 7_700},
        rules=(Rule(code="x", role="filler", fixed_minor=300, when=When(owners="different")),),
        owners=(OwnerTerms(goods_of="head_office", kind="commission", rate_bp=2_000),),
        seller=EAST,
        filler=OWN,
    ),
    Case("nothing paid is nothing shared", {}, piece=coat(0, price_minor=10_000)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_shares(case: Case) -> None:
    cuts = shares_of(
        piece=case.piece,
        sold=sold(seller=case.seller, clerk=case.clerk),
        filler=case.filler,
        terms=SharingTerms(rules=case.rules, owners=case.owners),
    )

    assert by_party(cuts) == case.shares


def test_a_share_says_how_it_came_about() -> None:
    rule = Rule(code="clerk", role="clerk", rate_bp=300, fixed_minor=10, max_minor=200)

    cut, _ = shares_of(
        piece=coat(pieces=2), sold=sold(clerk="G1"), filler=None, terms=SharingTerms(rules=(rule,))
    )

    assert (cut.rule, cut.role, cut.base) == ("clerk", "clerk", "paid")
    assert (cut.base_minor, cut.rate_bp, cut.fixed_minor) == (10_000, 300, 20)
    assert (cut.bound, cut.amount_minor) == ("", 320)


fen = st.integers(0, 3_000_000)
bounds = st.none() | st.integers(0, 500)
places = st.sampled_from([None, OWN, EAST, WEST])
rules = st.builds(
    Rule,
    code=st.sampled_from(["a", "b", "c"]),
    role=st.sampled_from([role for role in ROLES if role != "installer"]),
    base=st.sampled_from(BASES),
    rate_bp=st.integers(0, WHOLE_BP),
    fixed_minor=st.integers(0, 1_000),
    min_minor=bounds,
    max_minor=bounds,
    bearer=st.none() | st.sampled_from([role for role in ROLES if role != "installer"]),
)
owners = st.builds(
    OwnerTerms,
    goods_of=st.sampled_from(["dealer", "head_office"]),
    kind=st.sampled_from(["commission", "transfer_price"]),
    base=st.sampled_from(["paid", "price", "list"]),
    rate_bp=st.integers(0, WHOLE_BP),
)
pieces = st.builds(
    lambda kind, count, paid, discount, listed: Piece(
        kind=kind,
        pieces=count,
        paid_minor=paid,
        price_minor=paid + discount,
        list_minor=listed,
        sku="COAT",
        category="女装",
    ),
    st.sampled_from(["goods", "freight"]),
    st.integers(1, 20),
    fen,
    fen,
    fen,
)
any_terms = st.builds(
    lambda some, between: SharingTerms(rules=tuple(some), owners=tuple(between)),
    st.lists(rules, max_size=6),
    st.lists(owners, max_size=2),
)


@given(piece=pieces, seller=places, filler=places, terms=any_terms)
def test_shares_add_up_to_what_was_paid(
    piece: Piece, seller: Place | None, filler: Place | None, terms: SharingTerms
) -> None:
    cuts = shares_of(piece=piece, sold=sold(seller=seller, clerk="G1"), filler=filler, terms=terms)

    assert sum(cut.amount_minor for cut in cuts) == piece.paid_minor
    assert all(cut.amount_minor for cut in cuts)


@given(piece=pieces, seller=places, filler=places, terms=any_terms)
def test_only_who_bears_something_has_less_than_nothing(
    piece: Piece, seller: Place | None, filler: Place | None, terms: SharingTerms
) -> None:
    cuts = shares_of(piece=piece, sold=sold(seller=seller, clerk="G1"), filler=filler, terms=terms)

    below = {cut.role for cut in cuts if cut.amount_minor < 0}
    assert below <= {"bearer", "rest"}


@given(piece=pieces, rates=st.lists(st.integers(0, 2_000), max_size=5))
def test_nobody_is_a_minor_unit_away_from_what_is_theirs(piece: Piece, rates: list[int]) -> None:
    terms = SharingTerms(
        rules=tuple(
            Rule(
                code=f"r{place}",
                role="platform",
                base="freight" if piece.kind == "freight" else "paid",
                rate_bp=rate,
            )
            for place, rate in enumerate(rates)
        )
    )

    cuts = shares_of(piece=piece, sold=sold(), filler=None, terms=terms)

    rest = [WHOLE_BP - sum(rates)]
    exact_by_rule = {f"r{place}": rate for place, rate in enumerate(rates)} | {"rest": rest[0]}
    amount_by_rule = dict.fromkeys(exact_by_rule, 0) | {cut.rule: cut.amount_minor for cut in cuts}
    for rule, rate in exact_by_rule.items():
        assert abs(amount_by_rule[rule] * WHOLE_BP - piece.paid_minor * rate) < WHOLE_BP
