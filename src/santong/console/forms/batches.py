"""A batch and a benefit as fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from santong.benefits import public as benefits
from santong.console.forms.reading import amount_in, basis_points_in, moment_in, number_in
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch

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
    opens_at = moment_in(fields, "opens_at")
    if opens_at is None:
        raise FieldInvalid(pointer="/opens_at", reason="is missing")
    return {
        "code": fields.get("code", "").strip(),
        "name": fields.get("name", ""),
        "limits": benefits.Limits(
            total=number_in(fields, "limit_total"),
            per_member=number_in(fields, "limit_per_member"),
            per_day=number_in(fields, "limit_per_day"),
        ),
        "window": benefits.ClaimWindow(opens_at=opens_at, closes_at=moment_in(fields, "closes_at")),
        "validity": benefits.Validity(
            valid_from=moment_in(fields, "valid_from"),
            valid_until=moment_in(fields, "valid_until"),
            days=number_in(fields, "valid_days"),
        ),
        "return_policy": _policy(fields),
        "grace_days": number_in(fields, "grace_days") or 0,
        "budget_minor": amount_in(fields, "budget", currency),
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
                found[name] = amount_in(fields, field, currency)
            case "percent":
                found[name] = basis_points_in(fields, field)
            case "number":
                found[name] = number_in(fields, field)
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
