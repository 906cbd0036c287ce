"""Who of the demo's buyers is a member, since when, by whom, and what they bought before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from santong.simulation.rules.demo.people import mobile_number
from santong.simulation.rules.demo.shape import DemoMerchant, Order, Sku, Staff

MEMBERS_MOST = 320
MEMBER_PERCENT = 55  # of the buyers of a week, as long as there are not too many
BOTH_PROGRAMMES_PERCENT = 18
BOUND_PERCENT = 30
CONSENT_PERCENT = 60
SPENDS_PERCENT = 14
PURCHASES_PROFILE = (22, 30, 22, 14, 8, 4)  # of none, one, two … before this week
DAYS_LEAST, DAYS_BACK = 20, 380
WOMEN_PERCENT = 68
TWINS = 4  # who came twice, with another number

JoinKind = Literal["till", "guide", "storefront", "scan", "checkout"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BoughtLine:
    """So much of one SKU, and what was paid for it."""

    sku: str
    category: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Bought:
    """A purchase before the demo's week, in a store."""

    key: str
    brand: str
    at: datetime
    place: str
    lines: tuple[BoughtLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoMember:
    """A buyer who has joined. The first of `brands` is where that was."""

    phone: str
    name: str
    province: str
    city: str
    district: str
    address: str
    birthday: date
    gender: Literal["female", "male"]
    brands: tuple[str, ...]
    joined_at: datetime
    kind: JoinKind
    storefront: str
    place: str
    guide: str
    is_bound: bool
    consents: bool
    spends: bool
    bought: tuple[Bought, ...]


def demo_members(*, demo: DemoMerchant, seed: int, until: datetime) -> tuple[DemoMember, ...]:
    """Some of the buyers of the week, and a few who came twice. The same seed gives the same."""
    random = Random(f"{seed}/members")
    group = _Group(demo, _shelves(demo), _guides(demo), until)
    made = [
        _member(order, group, random)
        for order in demo.orders
        if random.randrange(100) < MEMBER_PERCENT
    ][:MEMBERS_MOST]
    twins = [_again(each, random) for each in made[: len(made) and TWINS]]
    return (*made, *twins)


@dataclass(frozen=True, slots=True)
class _Group:
    """What members are drawn from."""

    demo: DemoMerchant
    shelves: Mapping[str, Sequence[tuple[Sku, str]]]
    guides: Mapping[str, str]
    until: datetime


def _member(order: Order, group: _Group, random: Random) -> DemoMember:
    brands = tuple(brand.code for brand in group.demo.brands)
    shop = next(each for each in group.demo.storefronts if each.code == order.storefront)
    first = shop.brand or random.choice(brands)
    days = random.randrange(DAYS_LEAST, DAYS_BACK)
    joined_at = group.until - timedelta(days=days, hours=random.randrange(12))
    place = random.choice([each for each in group.demo.places if each.kind == "store"])
    kind = _kind(shop.kind, random)
    is_in_store = kind in {"till", "guide", "scan"}
    purchases = random.choices(range(len(PURCHASES_PROFILE)), weights=PURCHASES_PROFILE)[0]
    return DemoMember(
        phone=order.recipient.phone,
        name=order.recipient.name,
        province=order.recipient.province,
        city=order.recipient.city,
        district=order.recipient.district,
        address=order.recipient.address,
        birthday=_birthday(random),
        gender="female" if random.randrange(100) < WOMEN_PERCENT else "male",
        brands=brands if random.randrange(100) < BOTH_PROGRAMMES_PERCENT else (first,),
        joined_at=joined_at,
        kind=kind,
        storefront="" if is_in_store else order.storefront,
        place=place.code if is_in_store else "",
        guide=group.guides.get(place.code, "") if kind == "guide" else "",
        is_bound=shop.kind == "marketplace" and random.randrange(100) < BOUND_PERCENT,
        consents=random.randrange(100) < CONSENT_PERCENT,
        spends=random.randrange(100) < SPENDS_PERCENT,
        bought=tuple(
            Bought(
                key=f"{order.number}-{number}",
                brand=first,
                at=_between(joined_at, group.until - timedelta(days=10), random),
                place=place.code,
                lines=_lines(group.shelves[first], random),
            )
            for number in range(purchases)
        ),
    )


def _lines(shelf: Sequence[tuple[Sku, str]], random: Random) -> tuple[BoughtLine, ...]:
    chosen = [random.choice(shelf) for _ in range(1 + random.randrange(3))]
    return tuple(
        BoughtLine(sku=sku.code, category=category, quantity=1, amount_minor=sku.list_price_minor)
        for sku, category in chosen
    )


def _between(since: datetime, until: datetime, random: Random) -> datetime:
    return since + timedelta(seconds=random.randrange(int((until - since).total_seconds())))


def _birthday(random: Random) -> date:
    year, month = 1965 + random.randrange(40), 1 + random.randrange(12)
    return date(year, month, 1 + random.randrange(28))


def _again(member: DemoMember, random: Random) -> DemoMember:
    """The same person with a second number: for somebody to compare."""
    return DemoMember(
        phone=mobile_number(random),
        name=member.name,
        province=member.province,
        city=member.city,
        district=member.district,
        address=member.address,
        birthday=member.birthday,
        gender=member.gender,
        brands=member.brands[:1],
        joined_at=member.joined_at + timedelta(days=9),
        kind="checkout",
        storefront="h5",
        place="",
        guide="",
        is_bound=False,
        consents=False,
        spends=False,
        bought=(),
    )


def _kind(shop: str, random: Random) -> JoinKind:
    if shop == "marketplace":
        return random.choice(("storefront", "till", "guide"))
    return random.choice(("checkout", "scan", "till", "guide"))


def _shelves(demo: DemoMerchant) -> dict[str, list[tuple[Sku, str]]]:
    """What each brand sells, with its category."""
    return {
        brand.code: [
            (sku, style.category)
            for style in demo.styles
            if style.brand == brand.code
            for sku in style.skus
        ]
        for brand in demo.brands
    }


def _guides(demo: DemoMerchant) -> dict[str, str]:
    """Somebody who sells at each store."""
    clerks: list[Staff] = [person for person in demo.staff if person.role == "clerk"]
    return {person.places[0]: person.username for person in reversed(clerks) if person.places}
