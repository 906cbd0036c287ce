"""What brands of a pool let one another do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.errors import NotAuthorised
from santong.membership.models import Authorisation
from santong.membership.rules.authorisation import Act, Rates, rates_of
from santong.merchants import public as merchants


def authorisations_of(*, merchant_id: int, pool_id: int) -> list[contracts.Authorisation]:
    """All that brands of a pool have let one another do, those that have ended too."""
    rows = Authorisation.objects.of_merchant(merchant_id).filter(pool=pool_id).order_by("id")
    return [row.as_contract() for row in rows]


def authorisations_to(
    *, merchant_id: int, brand_ids: Collection[int]
) -> list[contracts.Authorisation]:
    """All that some brands are let do in any pool, what has ended too."""
    rows = Authorisation.objects.of_merchant(merchant_id).filter(to_brand__in=list(brand_ids))
    return [row.as_contract() for row in rows.order_by("id")]


def authorisation_between(
    *,
    merchant_id: int,
    pool_id: int,
    brands: tuple[int, int],
    valid_from: datetime,
    valid_until: datetime | None,
    besides: int = 0,
) -> bool:
    """Whether one brand lets another do something at any moment of a time, besides one row."""
    by_brand_id, to_brand_id = brands
    standing = Authorisation.objects.of_merchant(merchant_id).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from) | Q(valid_from=valid_from),
        pool=pool_id,
        by_brand=by_brand_id,
        to_brand=to_brand_id,
    )
    if valid_until is not None:
        standing = standing.filter(valid_from__lt=valid_until)
    return standing.exclude(id=besides).exists()


def authorisation_by_id(*, merchant_id: int, authorisation_id: int) -> contracts.Authorisation:
    """What one brand lets another do. Raises NoSuch."""
    row = Authorisation.objects.of_merchant(merchant_id).filter(id=authorisation_id).first()
    if row is None:
        raise NoSuch(kind="authorisation", key=str(authorisation_id))
    contract: contracts.Authorisation = row.as_contract()
    return contract


def may_act(
    *,
    merchant_id: int,
    programme: contracts.Programme,
    brand_code: str,
    act: Act,
    at: datetime,
) -> bool:
    """Whether a brand may act for members of a programme. Raises NoSuch (brand)."""
    try:
        rates_for(
            merchant_id=merchant_id, programme=programme, brand_code=brand_code, act=act, at=at
        )
    except NotAuthorised:
        return False
    return True


def rates_for(
    *,
    merchant_id: int,
    programme: contracts.Programme,
    brand_code: str,
    act: Act,
    at: datetime,
) -> tuple[int, Rates]:
    """Whose shop it is, and at which rates it acts for members of a programme.

    Raises NotAuthorised, NoSuch (brand).
    """
    brand_id = brand_id_of(merchant_id=merchant_id, programme=programme, brand_code=brand_code)
    rates = rates_of(
        authorisations_of(merchant_id=merchant_id, pool_id=programme.pool_id),
        home_brand_id=programme.brand_id,
        acting_brand_id=brand_id,
        act=act,
        at=at,
    )
    if rates is None:
        raise NotAuthorised(by_brand_id=programme.brand_id, to_brand_id=brand_id, what=act)
    return brand_id, rates


def brand_id_of(*, merchant_id: int, programme: contracts.Programme, brand_code: str) -> int:
    """The brand that is named, or the programme's own. Raises NoSuch."""
    if not brand_code:
        return programme.brand_id
    for brand in merchants.brands(merchant_id=merchant_id):
        if brand.code == brand_code:
            return brand.id
    raise NoSuch(kind="brand", key=brand_code[:40])
