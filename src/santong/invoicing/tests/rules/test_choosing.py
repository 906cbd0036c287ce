"""Who issues, and at which rate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from santong.invoicing.contracts import RatedAs, RateSubject, Seller, TaxRate
from santong.invoicing.rules.rates import freight_rate, rate_for
from santong.invoicing.rules.sellers import seller_for

NOW = datetime(2026, 11, 11, tzinfo=UTC)
DEFAULT = RatedAs(tax_code="1" * 19, tax_name="服装", rate_basis_points=1_300)


def seller(code: str, *, is_open: bool = True, **stands_for: int) -> Seller:
    return Seller(
        id=1,
        code=code,
        name=code,
        taxpayer_number="",
        address="",
        phone="",
        bank="",
        account="",
        brand_id=stands_for.get("brand_id"),
        dealer_id=stands_for.get("dealer_id"),
        issuer="simulated",
        default_rate=DEFAULT,
        red_policy="automatic",
        return_days=7,
        is_open=is_open,
        version=1,
    )


SELLERS = [
    seller("house"),
    seller("brand", brand_id=1),
    seller("closed-brand", brand_id=2, is_open=False),
    seller("dealer", dealer_id=7),
]


class Case(NamedTuple):
    name: str
    seller: str | None
    dealer_id: int | None = None
    brand_id: int | None = None


CASES = [
    Case("goods of no brand are the house's", "house"),
    Case("goods of a brand are the brand's", "brand", brand_id=1),
    Case("a brand without its own seller is the house's", "house", brand_id=3),
    Case("a brand whose seller stopped is the house's", "house", brand_id=2),
    Case("a dealer's place sells the dealer's goods", "dealer", dealer_id=7, brand_id=1),
    Case("nobody issues for a dealer who is not set up", None, dealer_id=8, brand_id=1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_seller_for(case: Case) -> None:
    found = seller_for(SELLERS, dealer_id=case.dealer_id, brand_id=case.brand_id)

    assert (found and found.code) == case.seller


def rate(subject: RateSubject, key: str, basis_points: int, *, days: int = -1) -> TaxRate:
    rated = RatedAs(tax_code="2" * 19, tax_name="货", rate_basis_points=basis_points)
    return TaxRate(
        id=1, subject=subject, key=key, rated=rated, valid_from=NOW + timedelta(days=days)
    )


RATES = [
    rate("category", "图书", 900),
    rate("category", "图书/童书", 0),
    rate("category", "图书", 1_000, days=1),
    rate("sku", "BOOK-1", 600),
    rate("freight", "", 600),
    rate("freight", "", 500, days=-5),
]


class Rated(NamedTuple):
    name: str
    basis_points: int
    sku: str = "BOOK-9"
    category: str = "图书/小说"
    days: int = 0


RATED = [
    Rated("a category above is enough", 900),
    Rated("the nearest category wins", 0, category="图书/童书/绘本"),
    Rated("the SKU's own rate wins", 600, sku="BOOK-1"),
    Rated("a later version holds from its moment on", 1_000, days=1),
    Rated("before any version, the seller's", 1_300, days=-3),
    Rated("what nobody classified, the seller's", 1_300, category="女装"),
    Rated("a name that only begins alike is another", 1_300, category="图书馆"),
]


@pytest.mark.parametrize("case", RATED, ids=lambda case: case.name)
def test_rate_for(case: Rated) -> None:
    found = rate_for(
        RATES,
        sku_code=case.sku,
        category=case.category,
        at=NOW + timedelta(days=case.days),
        default=DEFAULT,
    )

    assert found.rate_basis_points == case.basis_points


def test_carriage_has_the_newest_rate_or_follows_the_seller() -> None:
    assert freight_rate(RATES, at=NOW, default=DEFAULT).rate_basis_points == 600
    assert freight_rate(RATES[:4], at=NOW, default=DEFAULT) == DEFAULT
