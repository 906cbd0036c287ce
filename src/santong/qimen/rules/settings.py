"""What a contract's settings may look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.kernel.signing import SIGN_METHODS
from santong.qimen.contracts import (
    CONFIRM_RULES,
    COUNT_RULES,
    FLAG_RULES,
    ITEM_RULES,
    LONGEST_CODE,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_URL,
    MOST_CODES,
    SIDES,
    ContractChange,
    NewContract,
    Quirks,
    Warehouse,
)

SHORTEST_WAIT_MS: Final = 100
LONGEST_WAIT_MS: Final = 30_000
LONGEST_OUTSIDE_CODE: Final = 60
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SUCCESS: Final = re.compile(r"[A-Za-z0-9]{1,10}", re.ASCII)
# Scheme, host, perhaps a port, path and query: no user, no password, no fragment.
_URL: Final = re.compile(
    r"https?://(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?(?:[/?][!-\"$-~]*)?", re.ASCII
)


def check_new(*, wanted: NewContract) -> None:
    """Refuse a contract that could not work. Raises FieldInvalid."""
    if len(wanted.code) > LONGEST_CODE or not _CODE.fullmatch(wanted.code):
        raise FieldInvalid(
            pointer="/code",
            reason=f"1 to {LONGEST_CODE} small letters, digits, dots, hyphens, underscores",
        )
    if wanted.side not in SIDES:
        raise FieldInvalid(pointer="/side", reason="erp or wms")
    for field, value in (("app_key", wanted.app_key), ("customer_id", wanted.customer_id)):
        if len(value) > LONGEST_KEY or not _KEY.fullmatch(value):
            raise FieldInvalid(
                pointer=f"/{field}",
                reason=f"1 to {LONGEST_KEY} letters, digits, hyphens, underscores",
            )
    check_change(
        change=ContractChange(
            name=wanted.name,
            url=wanted.url,
            owner_code=wanted.owner_code,
            warehouses=wanted.warehouses,
            storefront_by_shop=wanted.storefront_by_shop,
            carrier_by_code=wanted.carrier_by_code,
            quirks=wanted.quirks,
        )
    )


def check_change(*, change: ContractChange) -> None:
    """Refuse a setting that could not work. Raises FieldInvalid."""
    name = change.name
    if name is not None and (not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable()):
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_NAME} printable characters")
    if change.url and (len(change.url) > LONGEST_URL or not _URL.fullmatch(change.url)):
        raise FieldInvalid(pointer="/url", reason="an http or https address without a password")
    if change.owner_code:
        _check_outside("/owner_code", change.owner_code)
    if change.warehouses is not None:
        _check_warehouses(change.warehouses)
    for field, codes in (
        ("storefront_by_shop", change.storefront_by_shop),
        ("carrier_by_code", change.carrier_by_code),
    ):
        _check_codes(f"/{field}", codes or {})
    if change.quirks is not None:
        _check_quirks(change.quirks)


def _check_warehouses(warehouses: tuple[Warehouse, ...]) -> None:
    if len(warehouses) > MOST_CODES:
        raise FieldInvalid(pointer="/warehouses", reason=f"at most {MOST_CODES}")
    for place, each in enumerate(warehouses):
        _check_outside(f"/warehouses/{place}/code", each.code)
    for field, values in (
        ("code", [each.code for each in warehouses]),
        ("location_code", [each.location_code for each in warehouses]),
    ):
        if len(set(values)) != len(values):
            raise FieldInvalid(pointer="/warehouses", reason=f"a {field} stands there twice")


def _check_codes(pointer: str, codes: Mapping[str, str]) -> None:
    if len(codes) > MOST_CODES:
        raise FieldInvalid(pointer=pointer, reason=f"at most {MOST_CODES}")
    for outside, ours in codes.items():
        _check_outside(pointer, outside)
        if not 0 < len(ours) <= LONGEST_OUTSIDE_CODE or not ours.isprintable():
            raise FieldInvalid(pointer=pointer, reason=f"{outside} stands for nothing")


def _check_outside(pointer: str, code: str) -> None:
    if not 0 < len(code) <= LONGEST_OUTSIDE_CODE or not code.isprintable() or code != code.strip():
        raise FieldInvalid(
            pointer=pointer, reason=f"codes have 1 to {LONGEST_OUTSIDE_CODE} printable characters"
        )


def _check_quirks(quirks: Quirks) -> None:
    for field, value, known in (
        ("sign_method", quirks.sign_method, SIGN_METHODS),
        ("version_number", quirks.version_number, ("1.0", "2.0")),
        ("flag_rule", quirks.flag_rule, FLAG_RULES),
        ("confirms", quirks.confirms, CONFIRM_RULES),
        ("item_sync", quirks.item_sync, ITEM_RULES),
        ("counts", quirks.counts, COUNT_RULES),
    ):
        if value not in known:
            raise FieldInvalid(pointer=f"/quirks/{field}", reason=f"one of {', '.join(known)}")
    if not _SUCCESS.fullmatch(quirks.success_code):
        raise FieldInvalid(pointer="/quirks/success_code", reason="1 to 10 letters or digits")
    if not SHORTEST_WAIT_MS <= quirks.answers_within_ms <= LONGEST_WAIT_MS:
        raise FieldInvalid(
            pointer="/quirks/answers_within_ms", reason=f"{SHORTEST_WAIT_MS} to {LONGEST_WAIT_MS}"
        )
