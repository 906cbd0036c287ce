"""Whether a programme's terms make sense, and how they are written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

from pydantic import TypeAdapter

from santong.kernel.errors import FieldInvalid
from santong.membership.contracts.points import MOST_MINOR, Basket, Explained, Part, Used
from santong.membership.contracts.programmes import (
    LONGEST_CODE,
    MOST_PERCENT,
    MOST_POINTS,
    AccrualRule,
    Caps,
    Terms,
    Tier,
)
from santong.membership.rules.accrual import TIER_RULE

MOST_TIERS = 20
MOST_RULES = 200
MOST_DAYS = 3_650
MOST_MONTHS = 120
LONGEST_BENEFITS = 2_000
LONGEST_NAME = 120
WHOLE = 100
DAYS_OF_WEEK = 7

_TERMS = TypeAdapter(Terms)
_BASKET = TypeAdapter(Basket)
_USED = TypeAdapter(Used)
_PARTS = TypeAdapter(tuple[Part, ...])


def check_terms(*, terms: Terms) -> None:
    """Refuse terms that could not be kept. Raises FieldInvalid, which says where."""
    for pointer, reason in _complaints(terms):
        raise FieldInvalid(pointer=pointer, reason=reason)


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Terms as they are kept."""
    written: dict[str, Any] = _TERMS.dump_python(terms, mode="json")
    return written


def terms_from_json(written: Mapping[str, Any]) -> Terms:
    """Terms as they were kept."""
    return _TERMS.validate_python(dict(written))


def inputs_to_json(*, basket: Basket, used: Used) -> dict[str, Any]:
    """What an accrual was worked out from, so that it can be worked out again."""
    return {
        "basket": _BASKET.dump_python(basket, mode="json"),
        "used": _USED.dump_python(used, mode="json"),
    }


def inputs_from_json(written: Mapping[str, Any]) -> tuple[Basket, Used]:
    """What an accrual was worked out from."""
    return _BASKET.validate_python(written["basket"]), _USED.validate_python(written["used"])


def explained_from_json(points: Any, experience: Any) -> Explained:
    """What was given, in parts."""
    return Explained(
        points=_PARTS.validate_python(points), experience=_PARTS.validate_python(experience)
    )


def parts_to_json(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Parts as they are kept."""
    written: list[dict[str, Any]] = _PARTS.dump_python(tuple(parts), mode="json")
    return written


def asks_for_birthday(terms: Terms) -> bool:
    """Whether a rule gives more on a birthday, so that somebody must look when that is."""
    return any(rule.conditions.birthday != "any" for rule in terms.rules)


def _complaints(terms: Terms) -> Iterator[tuple[str, str]]:
    if terms.timezone not in available_timezones():
        yield "/timezone", "no such time zone"
    if not (len(terms.currency) == 3 and terms.currency.isascii() and terms.currency.isupper()):  # noqa: PLR2004  ISO 4217
        yield "/currency", "three capital letters"
    yield from _outside("/value_minor_per_1000", terms.value_minor_per_1000, 0, MOST_POINTS)
    yield from _about_ladder(terms.tiers)
    yield from _about_rules(terms.rules)
    yield from _about_caps("/caps", terms.caps)
    yield from _about_policies(terms)


def _about_ladder(tiers: tuple[Tier, ...]) -> Iterator[tuple[str, str]]:
    if not 1 <= len(tiers) <= MOST_TIERS:
        yield "/tiers", f"between 1 and {MOST_TIERS}"
        return
    if min(tier.threshold for tier in tiers) != 0:
        yield "/tiers", "the lowest tier asks for nothing: its threshold is 0"
    if len({tier.threshold for tier in tiers}) < len(tiers):
        yield "/tiers", "two tiers have one threshold"
    if len({tier.code for tier in tiers}) < len(tiers):
        yield "/tiers", "two tiers have one code"
    for place, tier in enumerate(tiers):
        here = f"/tiers/{place}"
        yield from _too_long(f"{here}/code", tier.code, LONGEST_CODE, least=1)
        yield from _too_long(f"{here}/name", tier.name, LONGEST_NAME, least=1)
        yield from _too_long(f"{here}/benefits", tier.benefits, LONGEST_BENEFITS)
        yield from _outside(f"{here}/threshold", tier.threshold, 0, MOST_POINTS)
        yield from _outside(f"{here}/points_percent", tier.points_percent, WHOLE, MOST_PERCENT)
        yield from _outside(f"{here}/burn_percent", tier.burn_percent, WHOLE, MOST_PERCENT)


def _about_rules(rules: tuple[AccrualRule, ...]) -> Iterator[tuple[str, str]]:
    if len(rules) > MOST_RULES:
        yield "/rules", f"{MOST_RULES} at most"
    if len({rule.code for rule in rules}) < len(rules):
        yield "/rules", "two rules have one code"
    for place, rule in enumerate(rules):
        yield from _about_rule(f"/rules/{place}", rule)


def _about_rule(here: str, rule: AccrualRule) -> Iterator[tuple[str, str]]:
    yield from _too_long(f"{here}/code", rule.code, LONGEST_CODE, least=1)
    yield from _too_long(f"{here}/name", rule.name, LONGEST_NAME)
    yield from _too_long(f"{here}/group", rule.group, LONGEST_CODE)
    if rule.code.startswith(TIER_RULE):
        yield f"{here}/code", "names a tier's own rule"
    yield from _outside(f"{here}/points", rule.points, 0, MOST_POINTS)
    yield from _outside(f"{here}/per_minor", rule.per_minor, 1, MOST_MINOR)
    yield from _outside(f"{here}/percent", rule.percent, WHOLE, MOST_PERCENT)
    yield from _outside(f"{here}/priority", rule.priority, -MOST_POINTS, MOST_POINTS)
    yield from _about_caps(f"{here}/caps", rule.caps)
    asked = rule.conditions
    yield from _outside(
        f"{here}/conditions/amount_minor_min", asked.amount_minor_min, 0, MOST_MINOR
    )
    if any(not 0 <= day < DAYS_OF_WEEK for day in asked.weekdays):
        yield f"{here}/conditions/weekdays", "Monday is 0, Sunday is 6"
    instants = (rule.valid_from, rule.valid_until)
    if any(instant is not None and instant.tzinfo is None for instant in instants):
        yield here, "an instant says in which time zone"
    elif rule.valid_from and rule.valid_until and rule.valid_until <= rule.valid_from:
        yield f"{here}/valid_until", "ends before it begins"


def _about_caps(here: str, caps: Caps) -> Iterator[tuple[str, str]]:
    for name in ("per_purchase", "per_day", "per_member"):
        cap: int | None = getattr(caps, name)
        if cap is not None:
            yield from _outside(f"{here}/{name}", cap, 0, MOST_POINTS)


def _about_policies(terms: Terms) -> Iterator[tuple[str, str]]:
    yield from _outside("/tier/window_months", terms.tier.window_months, 1, MOST_MONTHS)
    yield from _outside("/tier/kept_months", terms.tier.kept_months, 1, MOST_MONTHS)
    yield from _outside("/maturity/pending_days", terms.maturity.pending_days, 0, MOST_DAYS)
    yield from _outside("/expiry/months", terms.expiry.months, 1, MOST_MONTHS)
    yield from _outside("/expiry/years", terms.expiry.years, 0, MOST_TIERS)
    if terms.expiry.kind == "date" and terms.expiry.on is None:
        yield "/expiry/on", "which day?"
    for place, days in enumerate(terms.expiry.reminder_days):
        yield from _outside(f"/expiry/reminder_days/{place}", days, 1, MOST_DAYS)
    burn = terms.burn
    yield from _outside("/burn/points_per_step", burn.points_per_step, 1, MOST_POINTS)
    yield from _outside("/burn/amount_per_step", burn.amount_per_step, 0, MOST_POINTS)
    yield from _outside("/burn/min_points", burn.min_points, 0, MOST_POINTS)
    yield from _outside("/burn/max_percent", burn.max_percent, 0, WHOLE)
    yield from _outside("/burn/give_back_grace_days", burn.give_back_grace_days, 0, MOST_DAYS)
    yield from _outside("/transfer/per_day_max", terms.transfer.per_day_max, 0, MOST_POINTS)
    yield from _outside("/transfer/approval_above", terms.transfer.approval_above, 0, MOST_POINTS)


def _outside(pointer: str, value: int, least: int, most: int) -> Iterator[tuple[str, str]]:
    if not least <= value <= most:
        yield pointer, f"between {least} and {most}"


def _too_long(pointer: str, text: str, most: int, *, least: int = 0) -> Iterator[tuple[str, str]]:
    if not least <= len(text) <= most:
        yield pointer, f"between {least} and {most} characters"
