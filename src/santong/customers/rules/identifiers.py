"""What identifiers look like, how strong they are, and how many persons may have one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from santong.customers.contracts import (
    KINDS,
    LONGEST_SCOPE,
    LONGEST_VALUE,
    Identifier,
    Kind,
)
from santong.customers.rules.phones import e164, mix_mobile, national
from santong.kernel.errors import FieldInvalid

# Issued by somebody to one person, who has at most one of a scope: two persons with different ones
# are not joined by anything weaker.
ACCOUNTS = frozenset[Kind]({"union", "storefront", "mix_nick", "card"})
# Handed on, lent and shared: found again at another person one day.
CONTACTS = frozenset[Kind]({"phone", "mix_mobile", "email"})
# Never says who somebody is, however few have it.
WEAK = frozenset[Kind]({"device"})
SCOPED = frozenset[Kind]({"union", "storefront", "mix_nick", "card", "mix_mobile"})

DEFAULT_CAPS: Mapping[Kind, int] = {
    "union": 2,
    "storefront": 2,
    "mix_nick": 2,
    "card": 2,
    "phone": 3,
    "mix_mobile": 3,
    "email": 3,
    "device": 0,
}
MOST_IDENTIFIERS = 20

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,}")
_MIXED = re.compile(r"[0-9a-f]{32}", re.ASCII)


def normalised(identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Identifiers in the one way of writing each, the strongest first, each once.

    Raises FieldInvalid.
    """
    found: dict[Identifier, Identifier] = {}
    for number, identifier in enumerate(identifiers):
        if number >= MOST_IDENTIFIERS:
            raise FieldInvalid(pointer="/identifiers", reason=f"at most {MOST_IDENTIFIERS}")
        plain = in_one_writing(identifier)
        if plain is None:
            raise FieldInvalid(pointer=f"/identifiers/{number}", reason=f"no {identifier.kind}")
        known = found.get(plain)
        if known is None or plain.is_verified:
            found[plain] = plain
    return sorted(found.values(), key=lambda one: (KINDS.index(one.kind), one.scope, one.value))


def in_one_writing(identifier: Identifier) -> Identifier | None:
    """An identifier as equal ones are written; None where it can be none of its kind."""
    kind, scope = identifier.kind, identifier.scope.strip()
    if kind not in KINDS or len(scope) > LONGEST_SCOPE or not _is_plain(scope):
        return None
    if bool(scope) != (kind in SCOPED):
        return None
    value = _value(kind, identifier.value.strip())
    if not value or len(value) > LONGEST_VALUE or not _is_plain(value):
        return None
    return replace(identifier, value=value, scope=scope)


def with_mixes(
    identifiers: Sequence[Identifier], *, key_by_scope: Mapping[str, str]
) -> list[Identifier]:
    """Identifiers, each telephone number followed by what marketplaces make of it."""
    found: dict[Identifier, None] = {}
    for identifier in identifiers:
        found[identifier] = None
        if identifier.kind == "phone":
            mobile = national(identifier.value)
            for scope, key in key_by_scope.items():
                mixed = mix_mobile(mobile=mobile, key=key)
                found[Identifier("mix_mobile", mixed, scope, identifier.is_verified)] = None
    return list(found)


def purpose(identifier: Identifier) -> str:
    """What the blind index of an identifier is made for: equal values of two kinds are two."""
    return f"customers.{identifier.kind}:{identifier.scope}"


def _value(kind: Kind, value: str) -> str:
    if len(value) > LONGEST_VALUE:
        return ""
    match kind:
        case "phone":
            return e164(phone=value) or ""
        case "email":
            return value.lower() if _EMAIL.fullmatch(value) else ""
        case "mix_mobile":
            return value.lower() if _MIXED.fullmatch(value.lower()) else ""
        case _:
            return value


def _is_plain(text: str) -> bool:
    return text.isprintable()
