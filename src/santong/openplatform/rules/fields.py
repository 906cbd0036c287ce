"""What may be said of an app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from santong.kernel.errors import FieldInvalid
from santong.openplatform.contracts import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_CALLS_PER_MINUTE,
)
from santong.openplatform.errors import UnknownPack
from santong.openplatform.rules.packs import PACKS


def clean_name(name: str) -> str:
    """A name that screens can show. Raises FieldInvalid."""
    return _clean(name, pointer="/name", least=1, most=LONGEST_NAME)


def clean_description(description: str) -> str:
    """What an app is for, in its developer's words. Raises FieldInvalid."""
    return _clean(description, pointer="/description", least=0, most=LONGEST_DESCRIPTION)


def clean_reason(reason: str) -> str:
    """Why somebody does something. Raises FieldInvalid."""
    return _clean(reason, pointer="/reason", least=1, most=LONGEST_REASON)


def checked_packs(packs: Sequence[str]) -> list[str]:
    """Function packs in their order; the first of all, `base`, is in every app.

    Raises UnknownPack.
    """
    if unknown := sorted(set(packs) - set(PACKS)):
        raise UnknownPack(packs=unknown)
    return in_order({"base", *packs})


def in_order(packs: Iterable[str]) -> list[str]:
    """Packs as they stand in the list."""
    known = set(packs)
    return [code for code in PACKS if code in known]


def checked_calls(calls_per_minute: int) -> int:
    """How often an app may call each method. Raises FieldInvalid."""
    if not 1 <= calls_per_minute <= MOST_CALLS_PER_MINUTE:
        raise FieldInvalid(pointer="/calls_per_minute", reason=f"1 to {MOST_CALLS_PER_MINUTE}")
    return calls_per_minute


def _clean(text: str, *, pointer: str, least: int, most: int) -> str:
    found = text.strip()
    if not least <= len(found) <= most or not found.isprintable():
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most} printable characters")
    return found
