"""A programme's terms as the fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, get_args

from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership

MOST_DIGITS: Final = 12
MOST_TIERS: Final = 20
MOST_RULES: Final = 40
BLANK_ROWS: Final = 2

Fields = Mapping[str, str]


def fields_of(terms: membership.Terms) -> dict[str, str]:
    """What stands in the form for terms: `tiers.0.code`, `burn.max_percent` and so on."""
    found = {
        "value_minor_per_1000": str(terms.value_minor_per_1000),
        "claw_back": terms.claw_back,
        "expiry.on": terms.expiry.on.isoformat() if terms.expiry.on else "",
        "expiry.reminder_days": ", ".join(map(str, terms.expiry.reminder_days)),
    }
    for group, names in POLICIES.items():
        part = getattr(terms, group)
        found |= {f"{group}.{name}": str(getattr(part, name)) for name in names}
    for place, tier in enumerate(sorted(terms.tiers, key=lambda each: each.threshold)):
        found |= {f"tiers.{place}.{name}": str(getattr(tier, name)) for name in TIER_FIELDS}
    for place, rule in enumerate(terms.rules):
        found |= _fields_of_rule(f"rules.{place}", rule)
    return found


def terms_of_fields(fields: Fields, *, standing: membership.Terms) -> membership.Terms:
    """The terms that a form says; what the form does not show stays as it stands.

    Raises FieldInvalid, whose pointer is the name of the field.
    """
    rules = {rule.code: rule for rule in standing.rules}
    return replace(
        standing,
        value_minor_per_1000=_number(fields, "value_minor_per_1000"),
        tiers=tuple(_tier(fields, place) for place in tier_rows(fields)),
        rules=tuple(
            _rule(fields, f"rules.{place}", rules.get(fields[f"rules.{place}.code"].strip()))
            for place in rule_rows(fields)
        ),
        tier=replace(
            standing.tier,
            window=_choice(fields, "tier.window", ("rolling", "calendar")),
            window_months=_number(fields, "tier.window_months"),
            kept_months=_number(fields, "tier.kept_months"),
            grace=_choice(fields, "tier.grace", ("none", "one_step", "one_period")),
            on_return=_choice(fields, "tier.on_return", ("at_period_end", "at_once")),
        ),
        maturity=replace(
            standing.maturity,
            pending_days=_number(fields, "maturity.pending_days"),
            counted_from=_choice(fields, "maturity.counted_from", ("purchase", "delivery")),
            experience=_choice(fields, "maturity.experience", ("at_once", "at_maturity")),
        ),
        expiry=replace(
            standing.expiry,
            kind=_choice(fields, "expiry.kind", ("never", "months", "end_of_year", "date")),
            months=_number(fields, "expiry.months"),
            years=_number(fields, "expiry.years"),
            on=_day(fields, "expiry.on"),
            reminder_days=tuple(
                _whole(text, "expiry.reminder_days")
                for text in _words(fields, "expiry.reminder_days")
            ),
        ),
        claw_back=_choice(fields, "claw_back", get_args(membership.ClawBackPolicy)),
        burn=replace(
            standing.burn,
            **{name: _number(fields, f"burn.{name}") for name in POLICIES["burn"]},
        ),
        transfer=replace(
            standing.transfer,
            **{name: _number(fields, f"transfer.{name}") for name in POLICIES["transfer"]},
        ),
    )


def tier_rows(fields: Fields) -> list[int]:
    """The rows of tiers in which something stands."""
    return [place for place in range(MOST_TIERS) if fields.get(f"tiers.{place}.code", "").strip()]


def rule_rows(fields: Fields) -> list[int]:
    """The rows of rules in which something stands."""
    return [place for place in range(MOST_RULES) if fields.get(f"rules.{place}.code", "").strip()]


def field_of_pointer(pointer: str, *, fields: Fields) -> str:
    """The form's field that a refusal of the terms is about."""
    parts = pointer.strip("/").split("/")
    rows = {"tiers": tier_rows, "rules": rule_rows}.get(parts[0])
    if rows and len(parts) > 1 and parts[1].isdigit():
        places = rows(fields)
        place = int(parts[1])
        parts[1] = str(places[place]) if place < len(places) else parts[1]
    if parts[:2] == ["expiry", "reminder_days"]:
        parts = parts[:2]
    if "conditions" in parts:
        parts.remove("conditions")
    return ".".join(parts)


TIER_FIELDS: Final = ("code", "name", "threshold", "points_percent", "burn_percent", "benefits")
POLICIES: Final[Mapping[str, tuple[str, ...]]] = {
    "tier": ("window", "window_months", "kept_months", "grace", "on_return"),
    "maturity": ("pending_days", "counted_from", "experience"),
    "expiry": ("kind", "months", "years"),
    "burn": ("points_per_step", "amount_per_step", "min_points", "max_percent"),
    "transfer": ("per_day_max", "approval_above"),
}
# Conditions of a rule that are lists of codes.
LISTS: Final = ("channels", "location_codes", "sku_codes", "categories", "tiers")


def _fields_of_rule(row: str, rule: membership.AccrualRule) -> dict[str, str]:
    asked = rule.conditions
    plain = ("code", "name", "asset", "effect", "points", "per_minor", "percent", "per", "group")
    return {
        **{f"{row}.{name}": str(getattr(rule, name)) for name in plain},
        **{f"{row}.{name}": ", ".join(getattr(asked, name)) for name in LISTS},
        f"{row}.weekdays": ", ".join(map(str, asked.weekdays)),
        f"{row}.birthday": asked.birthday,
        f"{row}.amount_minor_min": str(asked.amount_minor_min),
    }


def _tier(fields: Fields, place: int) -> membership.Tier:
    row = f"tiers.{place}"
    return membership.Tier(
        code=fields[f"{row}.code"].strip(),
        name=fields.get(f"{row}.name", "").strip(),
        threshold=_number(fields, f"{row}.threshold"),
        benefits=fields.get(f"{row}.benefits", "").strip(),
        points_percent=_number(fields, f"{row}.points_percent"),
        burn_percent=_number(fields, f"{row}.burn_percent"),
    )


def _rule(
    fields: Fields, row: str, standing: membership.AccrualRule | None
) -> membership.AccrualRule:
    base = standing or membership.AccrualRule(code=fields[f"{row}.code"].strip())
    lists: dict[str, Any] = {name: tuple(_words(fields, f"{row}.{name}")) for name in LISTS}
    return replace(
        base,
        name=fields.get(f"{row}.name", "").strip(),
        asset=_choice(fields, f"{row}.asset", ("points", "experience")),
        effect=_choice(fields, f"{row}.effect", ("base", "multiplier", "bonus")),
        points=_number(fields, f"{row}.points"),
        per_minor=_number(fields, f"{row}.per_minor"),
        percent=_number(fields, f"{row}.percent"),
        per=_choice(fields, f"{row}.per", ("purchase", "line", "unit")),
        group=fields.get(f"{row}.group", "").strip(),
        conditions=replace(
            base.conditions,
            **lists,
            weekdays=_numbers(fields, f"{row}.weekdays"),
            birthday=_choice(fields, f"{row}.birthday", ("any", "day", "month")),
            amount_minor_min=_number(fields, f"{row}.amount_minor_min"),
        ),
    )


def _number(fields: Fields, name: str) -> int:
    return _whole(fields.get(name, "").strip(), name)


def _numbers(fields: Fields, name: str) -> tuple[int, ...]:
    return tuple(_whole(text, name) for text in _words(fields, name))


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise FieldInvalid(pointer=f"/{name}", reason="a whole number")
    return int(text)


def _choice(fields: Fields, name: str, among: Sequence[str]) -> Any:
    text = fields.get(name, "")
    if text not in among:
        raise FieldInvalid(pointer=f"/{name}", reason="not one of the choices")
    return text


def _words(fields: Fields, name: str) -> list[str]:
    text = fields.get(name, "").replace("，", ",").replace("、", ",")
    return [word.strip() for word in text.split(",") if word.strip()]


def _day(fields: Fields, name: str) -> date | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldInvalid(pointer=f"/{name}", reason="a day") from None
