"""What is sealed under a person's own key, and how it is found without opening it."""

from __future__ import annotations

from santong.customers.contracts import Identifier, Profile
from santong.customers.rules.identifiers import purpose
from santong.customers.rules.profiles import read, written
from santong.kernel import crypto


def blind_index(*, merchant_id: int, identifier: Identifier) -> bytes:
    """What equal identifiers in one writing have in common."""
    return crypto.blind_index(
        merchant_id=merchant_id, value=identifier.value, purpose=purpose(identifier)
    )


def wrapped_key(*, merchant_id: int, person_id: int, key: bytes) -> bytes:
    """A person's key as it is stored."""
    return crypto.encrypt(merchant_id=merchant_id, plain=key, place=_key_place(person_id))


def person_key(*, merchant_id: int, person_id: int, key_sealed: bytes) -> bytes:
    """The key of a person who has one."""
    return crypto.decrypt(merchant_id=merchant_id, sealed=key_sealed, place=_key_place(person_id))


def sealed_profile(*, person_id: int, key: bytes, profile: Profile) -> bytes:
    """A profile as it is stored; nothing where nothing is known."""
    text = written(profile)
    return crypto.seal(key=key, plain=text, place=_profile_place(person_id)) if text else b""


def opened_profile(*, person_id: int, key: bytes, sealed: bytes) -> Profile:
    """A profile in clear text."""
    if not sealed:
        return read(b"")
    return read(crypto.unseal(key=key, sealed=sealed, place=_profile_place(person_id)))


def sealed_value(*, person_id: int, key: bytes, identifier: Identifier) -> bytes:
    """An identifier's value as it is stored."""
    place = _value_place(person_id, identifier.kind, identifier.scope)
    return crypto.seal(key=key, plain=identifier.value.encode(), place=place)


def opened_value(*, person_id: int, key: bytes, kind: str, scope: str, sealed: bytes) -> str:
    """An identifier's value in clear text."""
    place = _value_place(person_id, kind, scope)
    return crypto.unseal(key=key, sealed=sealed, place=place).decode()


def sealed_mix_key(*, merchant_id: int, scope: str, key: str) -> bytes:
    """The key of a scope as it is stored."""
    return crypto.encrypt(merchant_id=merchant_id, plain=key.encode(), place=_mix_place(scope))


def opened_mix_key(*, merchant_id: int, scope: str, sealed: bytes) -> str:
    """The key of a scope."""
    opened = crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=_mix_place(scope))
    return opened.decode()


def _key_place(person_id: int) -> str:
    return f"customers.person:{person_id}"


def _profile_place(person_id: int) -> str:
    return f"customers.profile:{person_id}"


def _value_place(person_id: int, kind: str, scope: str) -> str:
    return f"customers.identity:{person_id}:{kind}:{scope}"


def _mix_place(scope: str) -> str:
    return f"customers.mix_key:{scope}"
