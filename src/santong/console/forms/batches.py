"""A batch and a benefit as fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone

from santong.benefits import public as benefits
from santong.console.rules.amounts import minor_of
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch

MOST_DIGITS: Final = 12
# How a term is filled in; others are text.
TERM_FIELDS: Final[Mapping[str, str]] = {
    "threshold_minor": "amount",
    "off_minor": "amount",
    "most_off_minor": "amount",
    "value_minor": "amount",
    "off_basis_points": "percent",
    "quantity": "number",
    "minutes": "number",
    "days": "number",
    "points": "number",
    "valid_days": "number",
}
_BY_POINTER: Final[Mapping[str, str]] = {
    "/limits/total": "limit_total",
    "/limits/per_member": "limit_per_member",
    "/limits/per_day": "limit_per_day",
    "/window/closes_at": "closes_at",
    "/validity/days": "valid_days",
    "/validity/valid_until": "valid_until",
    "/budget_minor": "budget",
    "/terms/programme_code": "benefit",
    "/terms/tier": "benefit",
}
_BY_KIND: Final[Mapping[str, str]] = {
    "benefit": "benefit",
    "supply": "supply",
    "pool": "term.pool_code",
}


def fields_of_new(*, now: datetime) -> dict[str, str]:
    """What a new batch begins with: from now on, a month, one for each member."""
    return {
        "opens_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
        "valid_days": "30",
        "limit_per_member": "1",
        "grace_days": "0",
    }


def batch_of_fields(fields: Mapping[str, str], *, currency: str) -> dict[str, Any]:
    """What `draft_batch` takes, read from a form. Raises FieldInvalid."""
    opens_at = _moment(fields, "opens_at")
    if opens_at is None:
        raise FieldInvalid(pointer="/opens_at", reason="is missing")
    return {
        "code": fields.get("code", "").strip(),
        "name": fields.get("name", ""),
        "limits": benefits.Limits(
            total=_number(fields, "limit_total"),
            per_member=_number(fields, "limit_per_member"),
            per_day=_number(fields, "limit_per_day"),
        ),
        "window": benefits.ClaimWindow(opens_at=opens_at, closes_at=_moment(fields, "closes_at")),
        "validity": benefits.Validity(
            valid_from=_moment(fields, "valid_from"),
            valid_until=_moment(fields, "valid_until"),
            days=_number(fields, "valid_days"),
        ),
        "return_policy": _policy(fields),
        "grace_days": _number(fields, "grace_days") or 0,
        "budget_minor": _amount(fields, "budget", currency),
    }


def terms_of_fields(
    kind: benefits.Kind, fields: Mapping[str, str], *, currency: str
) -> dict[str, object]:
    """A benefit's terms, read from a form; what was left empty is left out. Raises FieldInvalid."""
    found: dict[str, object] = {}
    for name in benefits.TERMS[kind]:
        field = f"term.{name}"
        if not fields.get(field, "").strip():
            continue
        match TERM_FIELDS.get(name, "text"):
            case "amount":
                found[name] = _amount(fields, field, currency)
            case "percent":
                found[name] = _basis_points(fields, field)
            case "number":
                found[name] = _number(fields, field)
            case _:
                found[name] = fields[field].strip()
    return found


def field_of(refused: DomainError) -> str:
    """The field that a refusal is about; none where it is about the whole."""
    match refused:
        case benefits.CodeTaken():
            return "code"
        case NoSuch():
            return _BY_KIND.get(refused.kind, "")
        case FieldInvalid():
            return _field_at(refused.pointer)
        case _:
            return ""


def _field_at(pointer: str) -> str:
    known = _BY_POINTER.get(pointer)
    if known is not None:
        return known
    name = pointer.removeprefix("/")
    return f"term.{name.removeprefix('terms/')}" if name.startswith("terms/") else name


def _policy(fields: Mapping[str, str]) -> benefits.ReturnPolicy:
    for policy in benefits.RETURN_POLICIES:
        if policy == fields.get("return_policy", ""):
            return policy
    raise FieldInvalid(pointer="/return_policy", reason="not one of the choices")


def _number(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "").strip().replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise FieldInvalid(pointer=f"/{name}", reason="a whole number")
    return int(text)


def _amount(fields: Mapping[str, str], name: str, currency: str) -> int | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    minor = minor_of(text=text, currency=currency)
    if minor is None:
        raise FieldInvalid(pointer=f"/{name}", reason="an amount")
    return minor


def _basis_points(fields: Mapping[str, str], name: str) -> int:
    """`12.5` off a hundred, in hundredths of it."""
    points = minor_of(text=fields.get(name, "").strip(), currency="CNY")
    if points is None:
        raise FieldInvalid(pointer=f"/{name}", reason="a part of a hundred")
    return points


def _moment(fields: Mapping[str, str], name: str) -> datetime | None:
    """A moment on the merchant's clock, as browsers send it."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise FieldInvalid(pointer=f"/{name}", reason="a day and a time") from None
    if local.tzinfo is not None or not 2000 <= local.year < 2200:  # noqa: PLR2004  of this age
        raise FieldInvalid(pointer=f"/{name}", reason="a day and a time")
    return timezone.make_aware(local).astimezone(UTC)
