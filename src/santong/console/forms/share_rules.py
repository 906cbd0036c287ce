"""Rules of sharing as rows of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from santong.console.forms.reading import amount_in, number_in
from santong.console.rules.amounts import minor_of, plain_amount
from santong.kernel.errors import FieldInvalid
from santong.settlement import public as settlement

# A form has a thousand fields at most: what is larger is drafted over REST.
MOST_RULES: Final = 40
MOST_OWNERS: Final = 15
WHOLE_PERCENT: Final = 100
ROW_GROUPS: Final[Mapping[str, int]] = {"rules": MOST_RULES, "owners": MOST_OWNERS}

Fields = Mapping[str, str]

# Conditions that are lists of codes.
LISTS: Final = ("storefronts", "channels", "brands", "sellers", "fillers", "categories", "skus")
# What somebody types into a row: one in which nothing of this stands is left out.
TYPED: Final[Mapping[str, tuple[str, ...]]] = {
    "rules": ("code", "party_code", "rate", "fixed", "min", "max", *LISTS),
    "owners": ("dealer", "rate", "prices"),
}
# What a row of a rule shows once it is unfolded.
FOLDED: Final = ("min", "max", "seller_of", "filler_of", "owners", "party_code", *LISTS)
# Where a refusal of the terms says it another way than the form.
_FIELD_OF: Final[Mapping[str, str]] = {
    "rate_bp": "rate",
    "fixed_minor": "fixed",
    "min_minor": "min",
    "max_minor": "max",
    "due": "due_days",
}
_BLANK: Final[Mapping[str, Mapping[str, str]]] = {
    "rules": {
        "role": "clerk",
        "base": "paid",
        "due_basis": "receipt",
        "due_days": "7",
        "seller_of": "any",
        "filler_of": "any",
        "owners": "any",
    },
    "owners": {
        "goods_of": "dealer",
        "kind": "commission",
        "base": "paid",
        "due_basis": "receipt",
        "due_days": "7",
    },
}


def fits(terms: settlement.SharingTerms) -> bool:
    """Whether the form can show all of the terms."""
    return len(terms.rules) <= MOST_RULES and len(terms.owners) <= MOST_OWNERS


def fields_of_terms(terms: settlement.SharingTerms, *, currency: str) -> dict[str, str]:
    """What stands in the form for terms: `rules.0.code`, `owners.0.kind` and so on."""
    found = {
        "rest_due_basis": terms.rest_due.basis,
        "rest_due_days": str(terms.rest_due.days),
    }
    for place, rule in enumerate(terms.rules):
        found |= _named(f"rules.{place}", _fields_of_rule(rule, currency))
    for place, owners in enumerate(terms.owners):
        found |= _named(f"owners.{place}", _fields_of_owners(owners, currency))
    return found


def terms_of_fields(fields: Fields, *, currency: str) -> settlement.SharingTerms:
    """The terms that a form says; rows in which nothing was typed are left out.

    Raises FieldInvalid, whose pointer is the name of the field.
    """
    return settlement.SharingTerms(
        rules=tuple(_rule(fields, f"rules.{each}", currency) for each in filled(fields, "rules")),
        owners=tuple(
            _owners(fields, f"owners.{each}", currency) for each in filled(fields, "owners")
        ),
        rest_due=_due(fields, "rest_due"),
    )


def rows(fields: Fields, group: str) -> list[int]:
    """The rows of a group that the form shows."""
    names = (name.split(".") for name in fields if name.startswith(f"{group}."))
    places = {int(name[1]) for name in names if name[1].isascii() and name[1].isdigit()}
    return sorted(places)[: ROW_GROUPS[group]]


def filled(fields: Fields, group: str) -> list[int]:
    """The rows of a group in which something was typed."""
    return [
        place
        for place in rows(fields, group)
        if any(fields.get(f"{group}.{place}.{name}", "").strip() for name in TYPED[group])
    ]


def with_row(fields: Fields, group: str) -> dict[str, str]:
    """The form with one more row, unless it has as many as it can have."""
    shown = rows(fields, group)
    if len(shown) >= ROW_GROUPS[group]:
        return dict(fields)
    place = max(shown, default=-1) + 1
    return {
        **fields,
        **_named(f"{group}.{place}", {**dict.fromkeys(TYPED[group], ""), **_BLANK[group]}),
    }


def open_rows(fields: Fields, *, wrong: str) -> set[int]:
    """The rows of rules whose conditions are shown: something stands there, or is wrong there."""
    return {
        place
        for place in rows(fields, "rules")
        if any(
            fields.get(f"rules.{place}.{name}", "") not in {"", "any"}
            or wrong == f"rules.{place}.{name}"
            for name in FOLDED
        )
    }


def without_row(fields: Fields, group: str, place: int) -> dict[str, str]:
    """The form without one of its rows."""
    return {name: text for name, text in fields.items() if not name.startswith(f"{group}.{place}.")}


def field_of_pointer(pointer: str, *, fields: Fields) -> str:
    """The form's field that a refusal is about: `/terms/rules/1/rate_bp` is `rules.4.rate`."""
    parts = pointer.strip("/").removeprefix("terms/").split("/")
    if parts[0] in ROW_GROUPS and len(parts) > 1 and parts[1].isdigit():
        group, index = parts[0], int(parts[1])
        shown = filled(fields, group)
        place = shown[index] if index < len(shown) else index
        name = parts[2] if len(parts) > 2 else "code"  # noqa: PLR2004  group, place, field
        if name == "when":
            name = parts[3] if len(parts) > 3 else "skus"  # noqa: PLR2004  and its condition
        return f"{group}.{place}.{_FIELD_OF.get(name, name)}"
    return "rest_due_days" if parts[0] == "rest_due" else "/".join(parts)


def _named(row: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{row}.{name}": text for name, text in values.items()}


def _fields_of_rule(rule: settlement.Rule, currency: str) -> dict[str, str]:
    return {
        "code": rule.code,
        "role": rule.role,
        "party_code": rule.party_code,
        "base": rule.base,
        "rate": _percent(rule.rate_bp),
        "fixed": _plain(rule.fixed_minor or None, currency),
        "min": _plain(rule.min_minor, currency),
        "max": _plain(rule.max_minor, currency),
        "bearer": rule.bearer or "",
        "due_basis": rule.due.basis,
        "due_days": str(rule.due.days),
        **{name: ", ".join(getattr(rule.when, name)) for name in LISTS},
        "seller_of": rule.when.seller_of,
        "filler_of": rule.when.filler_of,
        "owners": rule.when.owners,
    }


def _fields_of_owners(terms: settlement.OwnerTerms, currency: str) -> dict[str, str]:
    return {
        "goods_of": terms.goods_of,
        "dealer": terms.dealer,
        "kind": terms.kind,
        "base": terms.base,
        "rate": _percent(terms.rate_bp),
        "prices": "\n".join(
            f"{each.sku} {plain_amount(minor=each.price_minor, currency=currency)}"
            for each in terms.prices
        ),
        "due_basis": terms.due.basis,
        "due_days": str(terms.due.days),
    }


def _rule(fields: Fields, row: str, currency: str) -> settlement.Rule:
    named: dict[str, Any] = {name: _codes(fields, f"{row}.{name}") for name in LISTS}
    return settlement.Rule(
        code=_text(fields, f"{row}.code"),
        role=_choice(fields, f"{row}.role", settlement.ROLES),
        party_code=fields.get(f"{row}.party_code", "").strip(),
        base=_choice(fields, f"{row}.base", settlement.BASES),
        rate_bp=_rate(fields, f"{row}.rate"),
        fixed_minor=amount_in(fields, f"{row}.fixed", currency) or 0,
        min_minor=amount_in(fields, f"{row}.min", currency),
        max_minor=amount_in(fields, f"{row}.max", currency),
        bearer=_choice(fields, f"{row}.bearer", ("", *settlement.ROLES)) or None,
        due=_due(fields, f"{row}.due"),
        when=settlement.When(
            **named,
            seller_of=_choice(fields, f"{row}.seller_of", settlement.PLACES_OF),
            filler_of=_choice(fields, f"{row}.filler_of", settlement.PLACES_OF),
            owners=_choice(fields, f"{row}.owners", settlement.OWNERS),
        ),
    )


def _owners(fields: Fields, row: str, currency: str) -> settlement.OwnerTerms:
    return settlement.OwnerTerms(
        goods_of=_choice(fields, f"{row}.goods_of", settlement.GOODS_OF),
        kind=_choice(fields, f"{row}.kind", settlement.OWNERS_KINDS),
        dealer=fields.get(f"{row}.dealer", "").strip(),
        base=_choice(fields, f"{row}.base", settlement.OWNERS_BASES),
        rate_bp=_rate(fields, f"{row}.rate"),
        prices=tuple(_prices(fields, f"{row}.prices", currency)),
        due=_due(fields, f"{row}.due"),
    )


def _prices(fields: Fields, name: str, currency: str) -> list[settlement.TransferPrice]:
    """One SKU with its price a line, as a sheet is pasted."""
    found: list[settlement.TransferPrice] = []
    for number, line in enumerate(fields.get(name, "").splitlines(), start=1):
        words = line.replace("\t", " ").split()
        if not words:
            continue
        minor = minor_of(text=words[-1], currency=currency)
        if len(words) != 2 or minor is None:  # noqa: PLR2004  a SKU and its price
            raise FieldInvalid(pointer=f"/{name}", reason=f"line {number}: a SKU and its price")
        found.append(settlement.TransferPrice(sku=words[0], price_minor=minor))
    return found


def _due(fields: Fields, name: str) -> settlement.Due:
    days = number_in(fields, f"{name}_days")
    return settlement.Due(
        basis=_choice(fields, f"{name}_basis", settlement.DUE_BASES), days=days or 0
    )


def _rate(fields: Fields, name: str) -> int:
    text = fields.get(name, "").strip().removesuffix("%").strip()
    points = minor_of(text=text or "0", currency="CNY")
    if points is None or points > WHOLE_PERCENT * 100:
        raise FieldInvalid(pointer=f"/{name}", reason=f"0 to {WHOLE_PERCENT}")
    return points


def _percent(rate_bp: int) -> str:
    """`12.5`, and nothing for no rate."""
    text = plain_amount(minor=rate_bp, currency="CNY")
    return text.rstrip("0").rstrip(".") if rate_bp else ""


def _plain(minor: int | None, currency: str) -> str:
    return "" if minor is None else plain_amount(minor=minor, currency=currency)


def _text(fields: Fields, name: str) -> str:
    text = fields.get(name, "").strip()
    if not text:
        raise FieldInvalid(pointer=f"/{name}", reason="is missing")
    return text


def _choice(fields: Fields, name: str, among: Sequence[str]) -> Any:
    text = fields.get(name, "")
    if text not in among:
        raise FieldInvalid(pointer=f"/{name}", reason="not one of the choices")
    return text


def _codes(fields: Fields, name: str) -> tuple[str, ...]:
    text = fields.get(name, "")
    for mark in ("，", "、", ";", "；", "\n"):
        text = text.replace(mark, ",")
    return tuple(word.strip() for word in text.split(",") if word.strip())
