"""Programmes and pools. They change rarely and are asked for with every join and every purchase."""

from __future__ import annotations

from collections.abc import Callable

from santong.kernel.errors import NoSuch
from santong.kernel.remembered import Remembered
from santong.membership import contracts
from santong.membership.models import Pool, Programme

# Another process's change is seen after this many seconds at the latest.
SECONDS = 5.0

_programmes: Remembered[int, tuple[contracts.Programme, ...]] = Remembered(seconds=SECONDS)


def pools(*, merchant_id: int) -> list[contracts.Pool]:
    """Every pool, oldest first."""
    return [row.as_contract() for row in Pool.objects.of_merchant(merchant_id).order_by("id")]


def pool_by_code(*, merchant_id: int, code: str) -> contracts.Pool:
    """One pool. Raises NoSuch."""
    row = Pool.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="pool", key=code[:40])
    contract: contracts.Pool = row.as_contract()
    return contract


def programmes(*, merchant_id: int) -> list[contracts.Programme]:
    """Every programme, oldest first, as it was at most five seconds ago."""
    return list(_programmes.get(merchant_id, lambda: _read(merchant_id)))


def programme_by_code(*, merchant_id: int, code: str) -> contracts.Programme:
    """One programme. Raises NoSuch."""
    found = _first(merchant_id, lambda programme: programme.code == code)
    if found is None:
        raise NoSuch(kind="programme", key=code[:40])
    return found


def programme_by_id(*, merchant_id: int, programme_id: int) -> contracts.Programme:
    """One programme. Raises NoSuch."""
    found = _first(merchant_id, lambda programme: programme.id == programme_id)
    if found is None:
        raise NoSuch(kind="programme", key=str(programme_id))
    return found


def programme_of_brand(*, merchant_id: int, brand_id: int) -> contracts.Programme | None:
    """The programme of a brand, if it has one."""
    found = programmes(merchant_id=merchant_id)
    return next((each for each in found if each.brand_id == brand_id), None)


def forget_programmes() -> None:
    """Read programmes again: one has changed in this transaction."""
    _programmes.forget()


def _read(merchant_id: int) -> tuple[contracts.Programme, ...]:
    rows = Programme.objects.of_merchant(merchant_id).select_related("pool").order_by("id")
    return tuple(row.as_contract() for row in rows)


def _first(
    merchant_id: int, is_wanted: Callable[[contracts.Programme], bool]
) -> contracts.Programme | None:
    """As remembered; one that was opened a moment ago is looked up."""
    found = next(filter(is_wanted, programmes(merchant_id=merchant_id)), None)
    return found or next(filter(is_wanted, _read(merchant_id)), None)
