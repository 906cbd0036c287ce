"""What keys, reasons, words and quantities may look like."""

from __future__ import annotations

from santong.aftersales.contracts.cases import (
    KINDS,
    LONGEST_KEY,
    LONGEST_REASON,
    LONGEST_WORDS,
    MOST_LINES,
    REASONS,
    WAYS,
    NewCase,
)
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose

MOST_UNITS = 1_000_000


def check_new_case(new: NewCase) -> None:
    """Refuse a case that could not be recorded. Raises FieldInvalid."""
    check_key(new.key)
    _among(new.kind, KINDS, pointer="/kind")
    _among(new.reason, REASONS, pointer="/reason")
    _among(new.way_back, WAYS, pointer="/way_back")
    check_words(new.words)
    ids = [line.order_line_id for line in new.lines]
    if not 0 < len(ids) <= MOST_LINES or len(set(ids)) != len(ids):
        raise FieldInvalid(pointer="/lines", reason=f"1 to {MOST_LINES} lines, each once")
    for place, line in enumerate(new.lines):
        if not 0 < line.quantity <= MOST_UNITS:
            raise FieldInvalid(pointer=f"/lines/{place}/quantity", reason="at least one")
    needs_way = new.kind in {"return", "exchange", "repair"}
    if needs_way and new.way_back == "none":
        raise FieldInvalid(pointer="/way_back", reason="these goods come back")
    if new.way_back == "home" and new.kind != "repair":
        raise FieldInvalid(pointer="/way_back", reason="only a repair is done at home")


def check_key(key: str) -> None:
    """Refuse a name by which a command could not be found again. Raises FieldInvalid."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} printable characters")


def check_words(words: str, *, pointer: str = "/words", least: int = 0) -> None:
    """What a person wrote, at most so much. It is sealed, so it may name anybody."""
    if not least <= len(words.strip()) <= LONGEST_WORDS or "\0" in words:
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {LONGEST_WORDS} characters")


def clean_reason(reason: str, *, pointer: str = "/reason") -> str:
    """Why something is done, as it is kept: it names nobody. Raises FieldInvalid."""
    reason = reason.strip()
    check_prose(reason, pointer=pointer)
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise FieldInvalid(pointer=pointer, reason=f"1 to {LONGEST_REASON} printable characters")
    return reason


def _among(word: str, known: tuple[str, ...], *, pointer: str) -> None:
    if word not in known:
        raise FieldInvalid(pointer=pointer, reason=f"one of {', '.join(known)}")
