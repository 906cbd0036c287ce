"""Fields of the forms about visits."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from santong.fieldservice import public as fieldservice
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest

LONGEST_TEXT = 20_000
MOST_LINES = 500
_PART = re.compile(r"(\S{1,60}?)(?:\s*[x×*]\s*|\s+)(\d{1,5})|(\S{1,60})")
_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


def instant_of(request: MerchantRequest, name: str) -> datetime:
    """An instant as a page of ours writes it. Raises FieldInvalid."""
    try:
        found = datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise FieldInvalid(pointer=f"/{name}", reason="one of the windows")
    return found.astimezone(UTC)


def lines_of(request: MerchantRequest, name: str) -> list[str]:
    """What stands in the lines of a larger field. Raises FieldInvalid."""
    text = request.POST.get(name, "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(text) > LONGEST_TEXT or len(lines) > MOST_LINES:
        raise FieldInvalid(pointer=f"/{name}", reason=f"{MOST_LINES} lines at most")
    return lines


def parts_field(request: MerchantRequest, name: str) -> dict[str, int]:
    """Parts as people write them, one a line: `HINGE 4` or `HINGE x4`. Raises FieldInvalid."""
    found: dict[str, int] = {}
    for line in lines_of(request, name):
        part = _PART.fullmatch(line)
        if part is None:
            raise FieldInvalid(pointer=f"/{name}", reason="a SKU's code and how many, one a line")
        sku, quantity = part.group(1) or part.group(3), int(part.group(2) or 1)
        found[sku] = found.get(sku, 0) + quantity
    return found


def point_field(request: MerchantRequest, name: str) -> fieldservice.Point:
    """A point as maps write it: `30.2712, 120.1312`. Raises FieldInvalid."""
    return point_of(request.POST.get(name, ""), name)


def point_of(text: str, name: str) -> fieldservice.Point:
    """A point of a line. Raises FieldInvalid."""
    pair = _PAIR.fullmatch(text)
    if pair is None:
        raise FieldInvalid(pointer=f"/{name}", reason="latitude, longitude")
    return fieldservice.Point(float(pair.group(1)), float(pair.group(2)))
