"""A person's own part of an export, in plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from santong.customers.contracts import ConsentEvent, Merge, RevealedPerson


def person_part(
    *,
    person: RevealedPerson,
    sources: Mapping[int, tuple[str, datetime]],
    consents: Sequence[ConsentEvent],
    merges: Sequence[Merge],
) -> dict[str, object]:
    """What customers know: profile, identifiers, consents, and who turned out to be whom."""
    return {
        "person_id": str(person.id),
        "known_since": [
            {"person_id": str(person_id), "source": source, "created_at": at.isoformat()}
            for person_id, (source, at) in sources.items()
        ],
        "profile": _plain(asdict(person.profile)),
        "identifiers": [_plain(asdict(each)) for each in person.identifiers],
        "consents": [_plain(asdict(each)) for each in consents],
        "merges": [_plain(asdict(each)) for each in merges],
    }


def _plain(known: Mapping[str, object]) -> dict[str, object]:
    return {name: _value(name, value) for name, value in known.items()}


def _value(name: str, value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and (name == "id" or name.endswith("_id")):
        return str(value)
    return value
