"""What a merchant may grant, and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from santong.aftersales.contracts.cases import KINDS, REASONS
from santong.aftersales.contracts.policies import REPLACEMENTS, CasePolicy, WarrantyTerms
from santong.kernel.errors import FieldInvalid

MOST_DAYS: Final = 3_650
MOST_HOURS: Final = 24 * 365
MOST_MONTHS: Final = 600
MOST_MINOR: Final = 10**11
MOST_NAMED: Final = 500
LONGEST_CATEGORY: Final = 200

_POLICY: Final = TypeAdapter(CasePolicy)
_WARRANTY: Final = TypeAdapter(WarrantyTerms)


def check_policy(terms: CasePolicy) -> CasePolicy:
    """Refuse what could not be granted. Raises FieldInvalid."""
    for name in ("return_days", "exchange_days", "fault_days"):
        _within(getattr(terms, name), most=MOST_DAYS, pointer=f"/{name}")
    for name in ("reply_hours", "decide_hours", "refund_hours"):
        _within(getattr(terms, name), least=1, most=MOST_HOURS, pointer=f"/{name}")
    _within(terms.alone_minor, most=MOST_MINOR, pointer="/alone_minor")
    _among(terms.buyer_pays_freight, REASONS, pointer="/buyer_pays_freight")
    _among(terms.photo_for, REASONS, pointer="/photo_for")
    _among((terms.sends_replacement,), REPLACEMENTS, pointer="/sends_replacement")
    _named(terms.kinds_by_category, pointer="/kinds_by_category")
    for category, kinds in terms.kinds_by_category.items():
        _among(kinds, KINDS, pointer=f"/kinds_by_category/{category}")
    return terms


def check_warranty(terms: WarrantyTerms) -> WarrantyTerms:
    """Refuse what could not be promised. Raises FieldInvalid."""
    _within(terms.months, most=MOST_MONTHS, pointer="/months")
    for name in ("months_by_category", "months_by_sku"):
        months_by: Mapping[str, int] = getattr(terms, name)
        _named(months_by, pointer=f"/{name}")
        for key, months in months_by.items():
            _within(months, most=MOST_MONTHS, pointer=f"/{name}/{key}")
    return terms


def policy_to_json(terms: CasePolicy) -> dict[str, Any]:
    """A policy as it is kept."""
    written: dict[str, Any] = _POLICY.dump_python(terms, mode="json")
    return written


def policy_of_json(kept: Mapping[str, Any]) -> CasePolicy:
    """A policy as it was kept; what it did not know is as by default."""
    return _POLICY.validate_python(kept)


def warranty_to_json(terms: WarrantyTerms) -> dict[str, Any]:
    """A warranty as it is kept."""
    written: dict[str, Any] = _WARRANTY.dump_python(terms, mode="json")
    return written


def warranty_of_json(kept: Mapping[str, Any]) -> WarrantyTerms:
    """A warranty as it was kept."""
    return _WARRANTY.validate_python(kept)


def _within(number: int, *, most: int, pointer: str, least: int = 0) -> None:
    if not least <= number <= most:
        raise FieldInvalid(pointer=pointer, reason=f"between {least} and {most}")


def _among(words: tuple[str, ...], known: tuple[str, ...], *, pointer: str) -> None:
    if len(set(words)) != len(words) or not set(words) <= set(known):
        raise FieldInvalid(pointer=pointer, reason=f"each once, of {', '.join(known)}")


def _named(by_name: Mapping[str, object], *, pointer: str) -> None:
    if len(by_name) > MOST_NAMED:
        raise FieldInvalid(pointer=pointer, reason=f"at most {MOST_NAMED}")
    for name in by_name:
        if not 0 < len(name) <= LONGEST_CATEGORY or not name.isprintable():
            raise FieldInvalid(
                pointer=pointer, reason=f"names of 1 to {LONGEST_CATEGORY} characters"
            )
