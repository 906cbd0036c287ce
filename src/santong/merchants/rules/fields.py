"""What codes, names and log-ins look like."""

from __future__ import annotations

import re

from santong.kernel.errors import FieldInvalid

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
LONGEST_LOGIN = 60
LONGEST_CONTACT = 200
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)


def clean_code(code: str, *, most: int = 40) -> str:
    """A code as it is stored. Raises FieldInvalid."""
    if len(code) > most or not _CODE.fullmatch(code):
        raise FieldInvalid(
            pointer="/code", reason=f"1 to {most} letters, digits, dots, hyphens, underscores"
        )
    return code


def clean_name(name: str, *, most: int = 120) -> str:
    """A name as it is stored, without blanks around it. Raises FieldInvalid."""
    cleaned = name.strip()
    if not 0 < len(cleaned) <= most or not cleaned.isprintable():
        raise FieldInvalid(pointer="/name", reason=f"1 to {most} printable characters")
    return cleaned


def clean_login(login: str) -> str:
    """A log-in as it is stored: lower case. Raises FieldInvalid."""
    cleaned = folded_login(login)
    if len(cleaned) > LONGEST_LOGIN or not _LOGIN.fullmatch(cleaned):
        raise FieldInvalid(
            pointer="/login", reason="1 to 60 small letters, digits, dots, hyphens, underscores"
        )
    return cleaned


def folded_login(login: str) -> str:
    """A log-in as somebody types it, in the form in which it is compared."""
    return login.strip().lower()


def clean_contact(contact: str) -> str:
    """Whom to call, as one line. Raises FieldInvalid."""
    cleaned = contact.strip()
    if len(cleaned) > LONGEST_CONTACT or (cleaned and not cleaned.isprintable()):
        raise FieldInvalid(pointer="/contact", reason="at most 200 printable characters")
    return cleaned
