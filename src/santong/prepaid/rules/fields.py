"""What codes, keys, amounts and reasons may look like."""

from __future__ import annotations

import hashlib
import json
import re

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.prepaid.contracts import (
    BUYER_KINDS,
    IDENTITY_KINDS,
    ISSUER_KINDS,
    LONGEST_CODE,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_PARTY,
    LONGEST_REASON,
    MOST_MINOR,
    PROGRAMME_KINDS,
    Buyer,
    NewProgramme,
)

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
LONGEST_IDENTITY = 40


def clean_programme(new: NewProgramme) -> NewProgramme:
    """A programme as it can be opened. Raises FieldInvalid."""
    if len(new.code) > LONGEST_CODE or not CODE.fullmatch(new.code):
        raise FieldInvalid(
            pointer="/code", reason="1 to 40 letters, digits, dots, hyphens, underscores"
        )
    if new.kind not in PROGRAMME_KINDS:
        raise FieldInvalid(pointer="/kind", reason=f"one of {', '.join(PROGRAMME_KINDS)}")
    if new.issuer_kind not in ISSUER_KINDS:
        raise FieldInvalid(pointer="/issuer_kind", reason=f"one of {', '.join(ISSUER_KINDS)}")
    if not _CURRENCY.fullmatch(new.currency):
        raise FieldInvalid(pointer="/currency", reason="three capital letters")
    check_text(new.name.strip(), pointer="/name", most=LONGEST_NAME, least=1)
    check_text(new.party, pointer="/party", most=LONGEST_PARTY, least=1)
    return new


def check_key(key: str, *, pointer: str = "/key", most: int = LONGEST_KEY) -> None:
    """Refuse a name by which a command could not be found again. Raises FieldInvalid."""
    check_text(key, pointer=pointer, most=most, least=1)


def check_amount(amount_minor: int, *, pointer: str = "/amount_minor") -> None:
    """Refuse nothing, and more than anybody has. Raises FieldInvalid."""
    if not 1 <= amount_minor <= MOST_MINOR:
        raise FieldInvalid(pointer=pointer, reason=f"between 1 and {MOST_MINOR}")


def check_buyer(buyer: Buyer) -> None:
    """Refuse a buyer that could not be recorded. Raises FieldInvalid."""
    if buyer.kind not in BUYER_KINDS:
        raise FieldInvalid(pointer="/buyer/kind", reason=f"one of {', '.join(BUYER_KINDS)}")
    if buyer.identity_kind not in IDENTITY_KINDS:
        raise FieldInvalid(
            pointer="/buyer/identity_kind", reason=f"one of {', '.join(IDENTITY_KINDS)}"
        )
    check_text(buyer.identity, pointer="/buyer/identity", most=LONGEST_IDENTITY)
    if bool(buyer.identity) != bool(buyer.identity_kind):
        raise FieldInvalid(pointer="/buyer/identity", reason="a document has its kind and number")


def clean_reason(reason: str) -> str:
    """Why something is done, as it is kept: it names nobody. Raises FieldInvalid."""
    reason = reason.strip()
    check_prose(reason)
    check_text(reason, pointer="/reason", most=LONGEST_REASON, least=1)
    return reason


def content_hash(**said: str | int | None) -> str:
    """What makes two commands with one key the same one."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check_text(text: str, *, pointer: str, most: int, least: int = 0) -> None:
    """Refuse what could not be kept or shown. Raises FieldInvalid."""
    if not least <= len(text) <= most or (text and not text.isprintable()):
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most} printable characters")
