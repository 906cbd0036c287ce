"""A supply as fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from django.utils import timezone

from santong.benefits import public as benefits
from santong.console.forms.reading import amount_in, moment_in, number_in
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.pages import id_of

KINDS: Final[Sequence[benefits.SupplyKind]] = get_args(benefits.SupplyKind)
CHARGED_WHEN: Final[Sequence[benefits.ChargedWhen]] = get_args(benefits.ChargedWhen)
_BY_POINTER: Final[Mapping[str, str]] = {"/supplier_id": "supplier", "/cost_minor": "cost"}


def fields_of_new_supply(*, supplier: str, currency: str) -> dict[str, str]:
    """What a new supply begins with: codes from files, paid for in the merchant's money."""
    return {
        "supplier": supplier,
        "kind": "codes",
        "currency": currency,
        "charged_when": "granted",
    }


def fields_of_supply(supply: benefits.Supply) -> dict[str, str]:
    """What can be changed of a supply, as a form shows it."""
    until = supply.contract_until
    return {
        "name": supply.name,
        "contract_number": supply.contract_number,
        "contract_until": f"{timezone.localtime(until):%Y-%m-%dT%H:%M}" if until else "",
        "alarm_below": str(supply.alarm_below),
    }


def change_of_fields(fields: Mapping[str, str]) -> dict[str, Any]:
    """What `change_supply` takes, read from a form. Raises FieldInvalid."""
    return {
        "name": fields.get("name", ""),
        "contract_number": fields.get("contract_number", "").strip(),
        "contract_until": moment_in(fields, "contract_until"),
        "alarm_below": number_in(fields, "alarm_below") or 0,
        "reason": fields.get("reason", ""),
    }


def supply_of_fields(fields: Mapping[str, str]) -> dict[str, Any]:
    """What `create_supply` takes, read from a form. Raises FieldInvalid, NoSuch."""
    currency = fields.get("currency", "").strip().upper()
    supplier = fields.get("supplier", "")
    adapter = fields.get("adapter", "")
    if adapter and adapter not in benefits.ADAPTERS:
        raise FieldInvalid(pointer="/adapter", reason="not one of the choices")
    return {
        "code": fields.get("code", "").strip(),
        "name": fields.get("name", ""),
        "kind": _choice(fields, "kind", KINDS),
        "supplier_id": id_of(supplier, kind="supplier") if supplier else None,
        "product": fields.get("product", "").strip(),
        "adapter": adapter,
        "contract_number": fields.get("contract_number", "").strip(),
        "contract_until": moment_in(fields, "contract_until"),
        "cost_minor": amount_in(fields, "cost", currency) or 0,
        "currency": currency,
        "charged_when": _choice(fields, "charged_when", CHARGED_WHEN),
        "alarm_below": number_in(fields, "alarm_below") or 0,
    }


def supply_field_of(refused: DomainError) -> str:
    """The field that a refusal is about; none where it is about the whole."""
    match refused:
        case benefits.CodeTaken():
            return "code"
        case NoSuch():
            return "supplier" if refused.kind == "supplier" else ""
        case FieldInvalid():
            return _BY_POINTER.get(refused.pointer, refused.pointer.removeprefix("/"))
        case _:
            return ""


def _choice(fields: Mapping[str, str], name: str, among: Sequence[str]) -> str:
    text = fields.get(name, "")
    if text not in among:
        raise FieldInvalid(pointer=f"/{name}", reason="not one of the choices")
    return text
