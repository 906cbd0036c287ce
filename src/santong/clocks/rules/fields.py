"""What subjects, terms, tags and reasons may look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from santong.clocks.contracts import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_CODE,
    LONGEST_REASON,
    LONGEST_REGION,
    LONGEST_SUBJECT,
    LONGEST_TAG,
    LONGEST_TERM,
    MOST_TAGS,
)
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_name, check_prose

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_SUBJECT = re.compile(r"[a-z_]+:[A-Za-z0-9._:/-]+", re.ASCII)
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,6})?", re.ASCII)
_TAG = re.compile(r"[a-z][a-z_]*", re.ASCII)


def check_subject(subject: str) -> None:
    """A subject is a kind and a number: `visit:9`. Raises FieldInvalid."""
    if len(subject) > LONGEST_SUBJECT or not _SUBJECT.fullmatch(subject):
        raise FieldInvalid(pointer="/subject", reason="a kind and a number: order:17")


def check_term(term: str) -> None:
    """A term is a short name: `ship`. Raises FieldInvalid."""
    if len(term) > LONGEST_TERM or not _CODE.fullmatch(term):
        raise FieldInvalid(pointer="/term", reason="letters, digits, dots, hyphens, underscores")


def check_region(region: str) -> None:
    """A region is two capital letters, perhaps with a part of it. Raises FieldInvalid."""
    if len(region) > LONGEST_REGION or not _REGION.fullmatch(region):
        raise FieldInvalid(pointer="/region", reason="two capital letters: CN")


def check_code(code: str, *, pointer: str = "/code") -> None:
    """A code of ours is a short name. Raises FieldInvalid."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise FieldInvalid(
            pointer=pointer, reason="1 to 40 letters, digits, dots, hyphens, underscores"
        )


def check_instant(instant: datetime, *, pointer: str) -> None:
    """Clocks are of our time: no instant lies in antiquity or at the end of days.

    Raises FieldInvalid.
    """
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise FieldInvalid(pointer=pointer, reason=f"between {FIRST_YEAR} and {LAST_YEAR}")


def clean_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Codes by which clocks are looked at; empty ones are left out. Raises FieldInvalid."""
    kept = {name: str(code) for name, code in tags.items() if code}
    if len(kept) > MOST_TAGS:
        raise FieldInvalid(pointer="/tags", reason=f"at most {MOST_TAGS}")
    for name, code in kept.items():
        if len(name) > LONGEST_TAG or not _TAG.fullmatch(name):
            raise FieldInvalid(pointer="/tags", reason="small letters and underscores")
        if len(code) > LONGEST_TAG or not code.isprintable():
            raise FieldInvalid(pointer=f"/tags/{name}", reason=f"1 to {LONGEST_TAG} characters")
        check_name(code, pointer=f"/tags/{name}")
    return kept


def clean_text(text: str, *, pointer: str = "/reason", most: int = LONGEST_REASON) -> str:
    """Prose that names nobody, or nothing. Raises FieldInvalid."""
    text = text.strip()
    check_prose(text, pointer=pointer)
    if len(text) > most or (text and not text.isprintable()):
        raise FieldInvalid(pointer=pointer, reason=f"at most {most} printable characters")
    return text


def clean_reason(text: str) -> str:
    """Why something is done. Raises FieldInvalid."""
    text = clean_text(text)
    if not text:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    return text
