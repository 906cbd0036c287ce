"""What the fields of a form say; what is none of its kind is refused at the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils import timezone

from santong.console.rules.amounts import minor_of
from santong.kernel.errors import FieldInvalid

MOST_DIGITS: Final = 12


def number_in(fields: Mapping[str, str], name: str) -> int | None:
    """A whole number; nothing where the field is empty. Raises FieldInvalid."""
    text = fields.get(name, "").strip().replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise FieldInvalid(pointer=f"/{name}", reason="a whole number")
    return int(text)


def amount_in(fields: Mapping[str, str], name: str, currency: str) -> int | None:
    """An amount in minor units; nothing where the field is empty. Raises FieldInvalid."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    minor = minor_of(text=text, currency=currency)
    if minor is None:
        raise FieldInvalid(pointer=f"/{name}", reason="an amount")
    return minor


def basis_points_in(fields: Mapping[str, str], name: str) -> int:
    """`12.5` off a hundred, in hundredths of it. Raises FieldInvalid."""
    points = minor_of(text=fields.get(name, "").strip(), currency="CNY")
    if points is None:
        raise FieldInvalid(pointer=f"/{name}", reason="a part of a hundred")
    return points


def moment_in(fields: Mapping[str, str], name: str) -> datetime | None:
    """A moment on the merchant's clock, as browsers send it. Raises FieldInvalid."""
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
