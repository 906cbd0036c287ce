"""What a purchase brings, and which rule gave what to which line. Whole numbers throughout.

Each rule is rounded once, over all its lines, and then spread over them by largest remainder, so
the lines of a purchase add up to what the member was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from santong.kernel.money import spread
from santong.membership.contracts.points import Basket, Explained, Part, PurchaseLine, Used
from santong.membership.contracts.programmes import (
    AccrualRule,
    Asset,
    Caps,
    Rounding,
    Terms,
)
from santong.membership.rules.tiers import tier_by_code

TIER_RULE = "tier:"
ALL_RULES = ""
_WHOLE = 100


def explain(terms: Terms, *, basket: Basket, used: Used) -> Explained:
    """What the terms give for a basket. The same values give the same answer, always."""
    rules = [rule for rule in terms.rules if _is_for(rule, basket)]
    tier = tier_by_code(terms.tiers, basket.tier)
    points = _given(
        [*_of(rules, "points"), *_tier_rule(tier.code, tier.points_percent)], basket, used
    )
    return Explained(
        points=tuple(_within(points, terms.caps, used, ALL_RULES)),
        experience=tuple(_given(_of(rules, "experience"), basket, Used())),
    )


def total(parts: Iterable[Part]) -> int:
    """All parts together."""
    return sum(part.amount for part in parts)


def by_line(parts: Iterable[Part]) -> dict[int, int]:
    """What each line brought."""
    found: dict[int, int] = {}
    for part in parts:
        found[part.line] = found.get(part.line, 0) + part.amount
    return found


def by_rule(parts: Iterable[Part]) -> dict[str, int]:
    """What each rule gave."""
    found: dict[str, int] = {}
    for part in parts:
        found[part.rule] = found.get(part.rule, 0) + part.amount
    return found


def capped_rules(terms: Terms) -> list[str]:
    """Rules of which it matters what they gave before; the one without a name is all of them."""
    capped = [rule.code for rule in terms.rules if _remembers(rule.caps)]
    return [*capped, ALL_RULES] if _remembers(terms.caps) else capped


def ratio(amount: int, *, points: int, per_minor: int, rounding: Rounding) -> int:
    """`points` for every `per_minor` of an amount, rounded as it says."""
    exact = amount * points
    match rounding:
        case "down":
            return exact // per_minor
        case "half_up":
            return (2 * exact + per_minor) // (2 * per_minor)
        case "up":
            return -(-exact // per_minor)


@dataclass(frozen=True, slots=True)
class _Candidate:
    rule: AccrualRule
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return total(self.parts)


def _remembers(caps: Caps) -> bool:
    return caps.per_day is not None or caps.per_member is not None


def _of(rules: Sequence[AccrualRule], asset: Asset) -> list[AccrualRule]:
    return [rule for rule in rules if rule.asset == asset]


def _tier_rule(code: str, percent: int) -> list[AccrualRule]:
    """A tier's own multiplier is one more rule, so that it is explained like any other."""
    if percent == _WHOLE:
        return []
    return [AccrualRule(code=f"{TIER_RULE}{code}", effect="multiplier", percent=percent)]


def _is_for(rule: AccrualRule, basket: Basket) -> bool:
    asked = rule.conditions
    birthday = {
        "any": True,
        "day": basket.is_birthday,
        "month": basket.is_birthday_month,
    }[asked.birthday]
    return (
        birthday
        and (rule.valid_from is None or rule.valid_from <= basket.bought_at)
        and (rule.valid_until is None or basket.bought_at < rule.valid_until)
        and (not asked.channels or basket.channel in asked.channels)
        and (not asked.location_codes or basket.location_code in asked.location_codes)
        and (not asked.tiers or basket.tier in asked.tiers)
        and (not asked.weekdays or basket.bought_on.weekday() in asked.weekdays)
        and (not asked.dates or basket.bought_on in asked.dates)
        and sum(line.amount_minor for line in basket.lines) >= asked.amount_minor_min
    )


def _fits(rule: AccrualRule, line: PurchaseLine) -> bool:
    asked = rule.conditions
    return (not asked.sku_codes or line.sku_code in asked.sku_codes) and (
        not asked.categories or line.category in asked.categories
    )


def _given(rules: Sequence[AccrualRule], basket: Basket, used: Used) -> list[Part]:
    base = [
        _Candidate(rule, tuple(_within(parts, rule.caps, used, rule.code)))
        for rule, parts in _base(rules, basket.lines)
    ]
    base_by_line = by_line(part for candidate in base for part in candidate.parts)
    extras = [
        _Candidate(rule, tuple(_within(parts, rule.caps, used, rule.code)))
        for rule in _in_order(rules)
        if (parts := _extra(rule, basket.lines, base_by_line))
    ]
    return [
        part
        for candidate in [*base, *_best_of_groups(extras)]
        for part in candidate.parts
        if part.amount
    ]


def _base(
    rules: Sequence[AccrualRule], lines: Sequence[PurchaseLine]
) -> list[tuple[AccrualRule, list[Part]]]:
    """Each line's base rule, and what it gives to all of its lines together."""
    of_base = [rule for rule in _in_order(rules) if rule.effect == "base"]
    lines_by_rule: dict[str, list[PurchaseLine]] = {}
    for line in lines:
        rule = next((rule for rule in of_base if _fits(rule, line)), None)
        if rule:
            lines_by_rule.setdefault(rule.code, []).append(line)
    return [
        (rule, _over_amounts(rule.code, _base_total(rule, mine), mine))
        for rule in of_base
        if (mine := lines_by_rule.get(rule.code))
    ]


def _base_total(rule: AccrualRule, lines: Sequence[PurchaseLine]) -> int:
    return ratio(
        sum(line.amount_minor for line in lines),
        points=rule.points,
        per_minor=rule.per_minor,
        rounding=rule.rounding,
    )


def _extra(
    rule: AccrualRule, lines: Sequence[PurchaseLine], base_by_line: Mapping[int, int]
) -> list[Part]:
    mine = [line for line in lines if _fits(rule, line)]
    match rule.effect:
        case "base":
            return []
        case "multiplier":
            weights = [base_by_line.get(line.line, 0) for line in mine]
            more = ratio(
                sum(weights),
                points=rule.percent - _WHOLE,
                per_minor=_WHOLE,
                rounding=rule.rounding,
            )
            return _spread(rule.code, more, mine, weights)
        case "bonus":
            return _bonus(rule, mine)
        case _:
            assert_never(rule.effect)


def _bonus(rule: AccrualRule, lines: Sequence[PurchaseLine]) -> list[Part]:
    match rule.per:
        case "purchase":
            return _over_amounts(rule.code, rule.points, lines) if lines else []
        case "line":
            return [Part(line.line, rule.code, rule.points) for line in lines]
        case "unit":
            return [Part(line.line, rule.code, rule.points * line.quantity) for line in lines]


def _best_of_groups(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    best: dict[str, _Candidate] = {}
    for candidate in candidates:
        group = candidate.rule.group
        if group and (group not in best or best[group].total < candidate.total):
            best[group] = candidate
    return [
        candidate
        for candidate in candidates
        if not candidate.rule.group or best[candidate.rule.group] is candidate
    ]


def _within(parts: Sequence[Part], caps: Caps, used: Used, code: str) -> list[Part]:
    """As much of it as the caps leave, taken from all parts alike."""
    wanted = total(parts)
    rooms = [
        wanted,
        *([] if caps.per_purchase is None else [caps.per_purchase]),
        *([] if caps.per_day is None else [caps.per_day - used.day.get(code, 0)]),
        *([] if caps.per_member is None else [caps.per_member - used.member.get(code, 0)]),
    ]
    allowed = max(min(rooms), 0)
    if allowed == wanted:
        return list(parts)
    shares = spread(allowed, over=[part.amount for part in parts])
    return [
        Part(part.line, part.rule, share)
        for part, share in zip(parts, shares, strict=True)
        if share
    ]


def _over_amounts(code: str, amount: int, lines: Sequence[PurchaseLine]) -> list[Part]:
    return _spread(code, amount, lines, [line.amount_minor for line in lines])


def _spread(
    code: str, amount: int, lines: Sequence[PurchaseLine], weights: Sequence[int]
) -> list[Part]:
    if not lines:
        return []
    shares = spread(amount, over=weights)
    return [Part(line.line, code, share) for line, share in zip(lines, shares, strict=True)]


def _in_order(rules: Sequence[AccrualRule]) -> list[AccrualRule]:
    return sorted(rules, key=lambda rule: (-rule.priority, rule.code))
