"""Whether terms of sharing make sense, and how they are written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from santong.kernel.errors import FieldInvalid
from santong.settlement.contracts import (
    LONGEST_CODE,
    LONGEST_REASON,
    MOST_DAYS,
    MOST_MINOR,
    WHOLE_BP,
    Due,
    OwnerTerms,
    Rule,
    SharingTerms,
    Sold,
    When,
)
from santong.settlement.rules.shares import REST

MOST_RULES = 200
MOST_OWNERS = 5_000
MOST_NAMED = 500
# Names of shares that come from no rule.
TAKEN = frozenset({REST, "commission", "transfer_price"})

_TERMS = TypeAdapter(SharingTerms)
_SOLD = TypeAdapter(Sold)


def check_terms(*, terms: SharingTerms) -> None:
    """Refuse terms by which nobody could share. Raises FieldInvalid, which says where and why."""
    for pointer, reason in _complaints(terms):
        raise FieldInvalid(pointer=pointer, reason=reason)


def clean_reason(reason: str) -> str:
    """Why something is done; it is not left out. Raises FieldInvalid."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    return reason


def terms_to_json(terms: SharingTerms) -> dict[str, Any]:
    """SharingTerms as they are kept."""
    written: dict[str, Any] = _TERMS.dump_python(terms, mode="json")
    return written


def terms_from_json(written: Mapping[str, Any]) -> SharingTerms:
    """SharingTerms as they were kept."""
    return _TERMS.validate_python(dict(written))


def sold_to_json(sold: Sold) -> dict[str, Any]:
    """Where and by whom it was sold, as it is kept."""
    written: dict[str, Any] = _SOLD.dump_python(sold, mode="json")
    return written


def sold_from_json(written: Mapping[str, Any]) -> Sold:
    """Where and by whom it was sold, as it was kept."""
    return _SOLD.validate_python(dict(written))


def _complaints(terms: SharingTerms) -> Iterator[tuple[str, str]]:
    if len(terms.rules) > MOST_RULES:
        yield "/terms/rules", f"at most {MOST_RULES}"
    if len(terms.owners) > MOST_OWNERS:
        yield "/terms/owners", f"at most {MOST_OWNERS}"
    seen: set[str] = set()
    for place, rule in enumerate(terms.rules):
        pointer = f"/terms/rules/{place}"
        if rule.code in TAKEN or rule.code in seen:
            yield f"{pointer}/code", "stands for another share"
        seen.add(rule.code)
        yield from _complaints_about_rule(pointer, rule)
    for place, owner in enumerate(terms.owners):
        yield from _complaints_about_owner(f"/terms/owners/{place}", owner, terms.owners[:place])
    yield from _complaints_about_due("/terms/rest_due", terms.rest_due)


def _complaints_about_rule(pointer: str, rule: Rule) -> Iterator[tuple[str, str]]:
    if not _is_text(rule.code):
        yield f"{pointer}/code", f"1 to {LONGEST_CODE} characters"
    yield from _complaints_about_numbers(pointer, rule)
    yield from _complaints_about_freight(pointer, rule)
    if rule.party_code and (rule.role != "installer" or not _is_text(rule.party_code)):
        yield f"{pointer}/party_code", "names an installer, and nobody else"
    if rule.bearer == rule.role:
        yield f"{pointer}/bearer", "nobody bears their own share"
    yield from _complaints_about_due(f"{pointer}/due", rule.due)
    yield from _complaints_about_when(f"{pointer}/when", rule.when)


def _complaints_about_numbers(pointer: str, rule: Rule) -> Iterator[tuple[str, str]]:
    if not 0 <= rule.rate_bp <= WHOLE_BP:
        yield f"{pointer}/rate_bp", f"0 to {WHOLE_BP}"
    if not 0 <= rule.fixed_minor <= MOST_MINOR:
        yield f"{pointer}/fixed_minor", f"0 to {MOST_MINOR}"
    for name, bound in (("min_minor", rule.min_minor), ("max_minor", rule.max_minor)):
        if bound is not None and not 0 <= bound <= MOST_MINOR:
            yield f"{pointer}/{name}", f"0 to {MOST_MINOR}"
    if (rule.min_minor or 0) > (MOST_MINOR if rule.max_minor is None else rule.max_minor):
        yield f"{pointer}/min_minor", "more than the most"


def _complaints_about_freight(pointer: str, rule: Rule) -> Iterator[tuple[str, str]]:
    is_by_piece = rule.fixed_minor or rule.min_minor is not None or rule.max_minor is not None
    if rule.base == "freight" and is_by_piece:
        yield f"{pointer}/base", "freight is shared by rates only"
    if rule.base == "freight" and (rule.when.skus or rule.when.categories):
        yield f"{pointer}/when", "freight has no goods"


def _complaints_about_owner(
    pointer: str, owner: OwnerTerms, before: Sequence[OwnerTerms]
) -> Iterator[tuple[str, str]]:
    if not 0 <= owner.rate_bp <= WHOLE_BP:
        yield f"{pointer}/rate_bp", f"0 to {WHOLE_BP}"
    if owner.prices and owner.kind == "commission":
        yield f"{pointer}/prices", "a commission has none"
    if len(owner.prices) > MOST_OWNERS:
        yield f"{pointer}/prices", f"at most {MOST_OWNERS}"
    for place, price in enumerate(owner.prices):
        if not _is_text(price.sku) or not 0 <= price.price_minor <= MOST_MINOR:
            yield f"{pointer}/prices/{place}", f"a SKU, and 0 to {MOST_MINOR}"
    if owner.dealer and not _is_text(owner.dealer):
        yield f"{pointer}/dealer", f"1 to {LONGEST_CODE} characters"
    if any((each.goods_of, each.dealer) == (owner.goods_of, owner.dealer) for each in before):
        yield f"{pointer}/dealer", "has terms already"
    yield from _complaints_about_due(f"{pointer}/due", owner.due)


def _complaints_about_due(pointer: str, due: Due) -> Iterator[tuple[str, str]]:
    if not 0 <= due.days <= MOST_DAYS:
        yield f"{pointer}/days", f"0 to {MOST_DAYS}"


def _complaints_about_when(pointer: str, when: When) -> Iterator[tuple[str, str]]:
    named = {
        "storefronts": when.storefronts,
        "channels": when.channels,
        "brands": when.brands,
        "sellers": when.sellers,
        "fillers": when.fillers,
        "categories": when.categories,
        "skus": when.skus,
    }
    for name, values in named.items():
        if len(values) > MOST_NAMED or not all(map(_is_text, values)):
            yield f"{pointer}/{name}", f"at most {MOST_NAMED}, 1 to {LONGEST_CODE} characters each"


def _is_text(text: str) -> bool:
    return 0 < len(text) <= LONGEST_CODE and "\0" not in text
