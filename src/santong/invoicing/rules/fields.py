"""What titles, sellers and rates are made of."""

from __future__ import annotations

import re
from dataclasses import replace

from santong.invoicing.contracts import FORMS, MOST_BASIS_POINTS, TITLE_KINDS, Form, RatedAs, Title
from santong.invoicing.errors import TitleInvalid
from santong.invoicing.rules.taxpayers import cleaned_number, is_taxpayer_number
from santong.kernel.errors import FieldInvalid

LONGEST_NAME = 100
LONGEST_FIELD = 100
LONGEST_KEY = 100
LONGEST_REASON = 200
MOST_MINOR = 10**12
_TAX_CODE = re.compile(r"[0-9]{19}", re.ASCII)
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]+\.[^\s@<>]{2,}")


def checked_title(title: Title, *, form: Form) -> Title:
    """The title in one writing, as the tax office takes it. Raises TitleInvalid."""
    if title.kind not in TITLE_KINDS or form not in FORMS:
        raise TitleInvalid(pointer="/title/kind", reason="company or person")
    clean = Title(
        kind=title.kind,
        name=_line(title.name, "/title/name", longest=LONGEST_NAME),
        number=cleaned_number(title.number),
        address=_line(title.address, "/title/address"),
        phone=_line(title.phone, "/title/phone"),
        bank=_line(title.bank, "/title/bank"),
        account=_line(title.account, "/title/account"),
        email=_line(title.email, "/title/email"),
    )
    if not clean.name:
        raise TitleInvalid(pointer="/title/name", reason="whose name?")
    if clean.email and not _EMAIL.fullmatch(clean.email):
        raise TitleInvalid(pointer="/title/email", reason="not an e-mail address")
    if clean.kind == "company" and not is_taxpayer_number(clean.number):
        raise TitleInvalid(
            pointer="/title/number", reason="18 characters with the right check character"
        )
    if clean.kind == "person" and (clean.number or form == "special"):
        raise TitleInvalid(pointer="/title/kind", reason="a special invoice is a company's")
    return clean


def checked_seller_number(number: str) -> str:
    """A seller's number in one writing. Raises FieldInvalid."""
    clean = cleaned_number(number)
    if not is_taxpayer_number(clean):
        raise FieldInvalid(
            pointer="/taxpayer_number", reason="18 characters with the right check character"
        )
    return clean


def checked_rated(rated: RatedAs) -> RatedAs:
    """A classification as the tax office writes it. Raises FieldInvalid."""
    if not _TAX_CODE.fullmatch(rated.tax_code):
        raise FieldInvalid(pointer="/tax_code", reason="19 digits")
    if not 0 <= rated.rate_basis_points <= MOST_BASIS_POINTS:
        raise FieldInvalid(pointer="/rate_basis_points", reason=f"0 to {MOST_BASIS_POINTS}")
    name = _text(rated.tax_name, "/tax_name")
    if not name or "*" in name:
        raise FieldInvalid(pointer="/tax_name", reason="a name without asterisks")
    return replace(rated, tax_name=name)


def checked_code(code: str) -> str:
    """A seller's code. Raises FieldInvalid."""
    if not _CODE.fullmatch(code):
        raise FieldInvalid(pointer="/code", reason="a to z, digits, hyphens")
    return code


def checked_text(text: str, *, pointer: str) -> str:
    """One line of text of a seller. Raises FieldInvalid."""
    return _text(text, pointer)


def _line(text: str, pointer: str, *, longest: int = LONGEST_FIELD) -> str:
    clean = " ".join(text.split())
    if len(clean) > longest or not clean.isprintable() or "<" in clean or ">" in clean:
        raise TitleInvalid(pointer=pointer, reason=f"one line, at most {longest} characters")
    return clean


def _text(text: str, pointer: str) -> str:
    clean = " ".join(text.split())
    if len(clean) > LONGEST_FIELD or not clean.isprintable():
        raise FieldInvalid(pointer=pointer, reason=f"one line, at most {LONGEST_FIELD} characters")
    return clean
