"""What stands in the fields of a form."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest

LONGEST_REASON: Final = 200
MOST_DIGITS: Final = 12


def text_of(request: MerchantRequest, name: str, *, longest: int = LONGEST_REASON) -> str:
    """A field that must be filled in. Raises FieldInvalid."""
    text = optional_text(request, name, longest=longest)
    if not text:
        raise FieldInvalid(pointer=f"/{name}", reason=f"1 to {longest} characters")
    return text


def optional_text(request: MerchantRequest, name: str, *, longest: int = LONGEST_REASON) -> str:
    """A field that may be left empty. Raises FieldInvalid."""
    text = request.POST.get(name, "").strip()
    if len(text) > longest or not text.isprintable():
        raise FieldInvalid(pointer=f"/{name}", reason=f"1 to {longest} characters")
    return text


def whole_number(request: MerchantRequest, name: str, *, least: int, most: int) -> int:
    """A whole number between two others. Raises FieldInvalid."""
    text = request.POST.get(name, "").strip().replace("−", "-")
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        raise FieldInvalid(pointer=f"/{name}", reason="a whole number")
    if not least <= int(text) <= most:
        raise FieldInvalid(pointer=f"/{name}", reason=f"{least} to {most}")
    return int(text)


def choice_of(request: MerchantRequest, name: str, *, among: Collection[str]) -> str:
    """One of several words. Raises FieldInvalid."""
    text = request.POST.get(name, "")
    if text not in among:
        raise FieldInvalid(pointer=f"/{name}", reason="not one of the choices")
    return text


def day_of(text: str) -> date | None:
    """A day as browsers send it; nothing for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
