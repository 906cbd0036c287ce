"""What stands in a term of each kind: typed fields, as JSON Schema and as checks.

One table for forms, for the API and for the check: `FIELDS_BY_KIND` for agreements, and
`TEMPLATE_FIELDS_BY_KIND` for templates, whose windows count days from the day of the offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from santong.agreements.contracts import KINDS, Kind, Params
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose

FieldType = Literal["day", "number", "text", "choice"]
LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter of a kind of term."""

    name: str
    type: FieldType
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    is_needed: bool = True


# Paid beside whatever goes back for the goods; without, both together are no more than was paid.
ON_TOP: Final = Field(name="on_top", type="choice", choices=("yes",), is_needed=False)
_WINDOW: Final = (Field(name="start", type="day"), Field(name="end", type="day"), ON_TOP)
_HOURS: Final = Field(name="report_hours", type="number", least=1, most=8_760)
_TEXT: Final = Field(name="text", type="text", most=LONGEST_TEXT)
_WHAT: Final = Field(name="what", type="choice", choices=("ship", "delivery", "install"))

FIELDS_BY_KIND: Final[Mapping[Kind, tuple[Field, ...]]] = {
    "ship_window": _WINDOW,
    "delivery_window": _WINDOW,
    "install_window": _WINDOW,
    "delay": (_WHAT, Field(name="on", type="day"), ON_TOP),
    "damage": (_HOURS, ON_TOP),
    "missing": (_HOURS, ON_TOP),
    "wrong_item": (_HOURS, ON_TOP),
    "gift": (_TEXT, Field(name="quantity", type="number", least=1, most=10_000), ON_TOP),
    "material": (_TEXT, ON_TOP),
    "other": (_TEXT, ON_TOP),
}
_AFTER: Final = Field(name="after_days", type="number", least=0, most=3_650)
_RELATIVE: Final = (_AFTER, Field(name="days", type="number", least=1, most=366), ON_TOP)
TEMPLATE_FIELDS_BY_KIND: Final[Mapping[Kind, tuple[Field, ...]]] = {
    **FIELDS_BY_KIND,
    "ship_window": _RELATIVE,
    "delivery_window": _RELATIVE,
    "install_window": _RELATIVE,
    "delay": (_WHAT, _AFTER, ON_TOP),
}


def checked_params(
    params: Params, *, fields: tuple[Field, ...], pointer: str
) -> dict[str, str | int]:
    """Exactly the fields of the kind, each of its type. Raises FieldInvalid with the field."""
    for name in params:
        if name not in {each.name for each in fields}:
            raise FieldInvalid(pointer=f"{pointer}/{name}", reason="not a field of this kind")
    found: dict[str, str | int] = {}
    for each in fields:
        if each.name in params:
            found[each.name] = _checked(params[each.name], each, f"{pointer}/{each.name}")
        elif each.is_needed:
            raise FieldInvalid(pointer=f"{pointer}/{each.name}", reason="is needed")
    return found


def json_schema(*, kind: Kind) -> dict[str, Any]:
    """A kind's parameters as JSON Schema (2020-12)."""
    fields = FIELDS_BY_KIND[kind]
    return {
        "type": "object",
        "properties": {each.name: _schema_of(each) for each in fields},
        "required": [each.name for each in fields if each.is_needed],
        "additionalProperties": False,
    }


def checked_kind(kind: str, *, pointer: str) -> Kind:
    """One of the kinds. Raises FieldInvalid."""
    for known in KINDS:
        if kind == known:
            return known
    raise FieldInvalid(pointer=pointer, reason="one of " + ", ".join(KINDS))


def day_of(value: str | int, *, pointer: str) -> date:
    """A day of the calendar. Raises FieldInvalid."""
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        raise FieldInvalid(pointer=pointer, reason="a day: 2026-01-31") from None
    if found.isoformat() != str(value):
        raise FieldInvalid(pointer=pointer, reason="a day: 2026-01-31")
    return found


def _checked(value: str | int, field: Field, pointer: str) -> str | int:
    if field.type == "day":
        return day_of(value, pointer=pointer).isoformat()
    if field.type == "number":
        if isinstance(value, bool) or not isinstance(value, int):
            raise FieldInvalid(pointer=pointer, reason="a whole number")
        if not field.least <= value <= field.most:
            raise FieldInvalid(pointer=pointer, reason=f"{field.least} to {field.most}")
        return value
    if not isinstance(value, str):
        raise FieldInvalid(pointer=pointer, reason="a text")
    if field.type == "choice":
        if value not in field.choices:
            raise FieldInvalid(pointer=pointer, reason="one of " + ", ".join(field.choices))
        return value
    return _text(value, field, pointer)


def _text(value: str, field: Field, pointer: str) -> str:
    text = value.strip()
    if not 0 < len(text) <= field.most or not text.isprintable():
        raise FieldInvalid(pointer=pointer, reason=f"1 to {field.most} characters")
    check_prose(text, pointer=pointer)  # it is frozen, and never forgotten
    return text


def _schema_of(field: Field) -> dict[str, Any]:
    if field.type == "day":
        return {"type": "string", "format": "date"}
    if field.type == "number":
        return {"type": "integer", "minimum": field.least, "maximum": field.most}
    if field.type == "choice":
        return {"enum": list(field.choices)}
    return {"type": "string", "minLength": 1, "maxLength": field.most}
