"""What must hold of a merchant's places; `doctor` asks."""

from __future__ import annotations

from collections.abc import Iterator

from santong.kernel.doctor import Finding
from santong.merchants import public as merchants
from santong.stores.models import Location, MapVersion
from santong.stores.rules.hours import wrong_hours, zone


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """The broken rules of one merchant, each with the rows that break it."""
    return [
        Finding("stores", rule, detail)
        for rule, detail in [
            *_versions(merchant_id),
            *_clocks(merchant_id),
            *_strange_owners(merchant_id),
        ]
    ]


def _versions(merchant_id: int) -> Iterator[tuple[str, str]]:
    if (
        Location.objects.of_merchant(merchant_id).exists()
        and not MapVersion.objects.of_merchant(merchant_id).exists()
    ):
        yield "a map with places has a version", f"merchant {merchant_id} has none"


def _clocks(merchant_id: int) -> Iterator[tuple[str, str]]:
    rows = Location.objects.of_merchant(merchant_id).values_list("code", "timezone", "hours")
    for code, timezone, hours in rows.iterator(chunk_size=2_000):
        if reason := wrong_hours(hours):
            yield "opening hours can be read", f"location {code}: {reason}"
        try:
            zone(timezone)
        except ValueError:
            yield "a place is in a time zone", f"location {code}: {timezone}"


def _strange_owners(merchant_id: int) -> Iterator[tuple[str, str]]:
    """A key alone would let a place belong to another merchant's brand, which nobody could see."""
    rows = Location.objects.of_merchant(merchant_id)
    brands = [brand.id for brand in merchants.brands(merchant_id=merchant_id)]
    dealers = [dealer.id for dealer in merchants.dealers(merchant_id=merchant_id)]
    branded = rows.filter(brand_id__isnull=False).exclude(brand_id__in=brands)
    dealt = rows.filter(dealer_id__isnull=False).exclude(dealer_id__in=dealers)
    for code in [*branded.values_list("code", flat=True), *dealt.values_list("code", flat=True)]:
        yield "a place belongs to a brand and a dealer of its merchant", f"location {code}"
