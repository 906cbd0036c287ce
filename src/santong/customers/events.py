"""What has happened to persons: ids only, never a name or a number."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("customers.persons_merged.v1", aggregate="kept_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PersonsMerged:
    """Two persons are one from now on; `gone_id` leads to `kept_id`."""

    kept_id: int
    gone_id: int
    merge_id: int


@fact("customers.merge_undone.v1", aggregate="kept_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MergeUndone:
    """Two persons are two again, each with what was theirs."""

    kept_id: int
    gone_id: int
    merge_id: int


@fact("customers.consent_changed.v1", aggregate="person_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentChanged:
    """Somebody consented to something, or took it back."""

    person_id: int
    purpose: str
    channel: str
    processor: str
    is_granted: bool


@fact("customers.person_erased.v1", aggregate="person_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PersonErased:
    """Nobody knows any more who this was. Told for every id that led to the person."""

    person_id: int
