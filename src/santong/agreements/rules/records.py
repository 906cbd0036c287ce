"""What stands in the record of an accepted agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from santong.agreements.contracts import Term
from santong.agreements.rules.links import FORMAT
from santong.agreements.rules.sentences import LANGUAGES, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """All that rows say of an agreement and its acceptance; nobody's name is among it."""

    merchant_code: str
    number: int
    version: int
    document: str
    category: str
    template: str
    currency: str
    total_minor: int
    timezone: str
    terms: tuple[Term, ...]
    offered_at: datetime
    offered_by: str
    accepted_at: datetime
    accepted_how: str
    name_commitment: str
    signed_in: str
    family: str
    network: str
    files: tuple[str, ...]
    supersedes: str
    link_number: int
    prev_hash: str


def record_of(frozen: Frozen, *, sentences: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The record, as JSON. The sentences are those that the buyer read."""
    return {
        "format": FORMAT,
        "merchant": frozen.merchant_code,
        "number": frozen.number,
        "version": frozen.version,
        "document": frozen.document,
        "category": frozen.category,
        "template": frozen.template,
        "currency": frozen.currency,
        "total_minor": frozen.total_minor,
        "timezone": frozen.timezone,
        "terms": [term_of(term) for term in frozen.terms],
        "sentences": {language: list(sentences[language]) for language in sentences},
        "offered": {"at": instant(frozen.offered_at), "by": frozen.offered_by},
        "accepted": {
            "at": instant(frozen.accepted_at),
            "how": frozen.accepted_how,
            "name_commitment": frozen.name_commitment,
            "signed_in": frozen.signed_in,
            "address_family": frozen.family,
            "network_hash": frozen.network,
        },
        "files": list(frozen.files),
        "supersedes": frozen.supersedes,
        "chain": {"number": frozen.link_number, "prev_hash": frozen.prev_hash},
    }


def sentences_of(terms: Sequence[Term], *, currency: str) -> dict[str, list[str]]:
    """Every term in words, by language."""
    return {
        language: [sentence(term=term, currency=currency, language=language) for term in terms]
        for language in LANGUAGES
    }


def term_of(term: Term) -> dict[str, Any]:
    """A term as JSON."""
    amount = term.amount
    return {
        "number": term.number,
        "kind": term.kind,
        "params": dict(term.params),
        "remedy": term.remedy,
        "amount": amount and {"basis": amount.basis, "value": amount.value, "per": amount.per},
        "cap_minor": term.cap_minor,
        "bearer": term.bearer,
        "bearer_code": term.bearer_code,
    }


def instant(at: datetime) -> str:
    """An instant in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
