"""The door of customers: persons, and how they are recognised."""

from santong.customers.contracts import (
    Gender,
    Identifier,
    Kind,
    MaskedIdentifier,
    MaskedPerson,
    Merge,
    NewPerson,
    Profile,
    Resolution,
    State,
)
from santong.customers.errors import IdentifierTaken, MergeUndone, PersonErased, SamePerson
from santong.customers.rules.phones import e164, mix_mobile
from santong.customers.selectors.graph import current_ids, find
from santong.customers.selectors.invariants import check_invariants
from santong.customers.selectors.merges import merges_of
from santong.customers.selectors.persons import identifiers_of, person_by_id, persons_by_id
from santong.customers.services.create_many import create_many
from santong.customers.services.merge import merge
from santong.customers.services.resolve import resolve
from santong.customers.services.undo_merge import undo_merge

__all__ = [
    "Gender",
    "Identifier",
    "IdentifierTaken",
    "Kind",
    "MaskedIdentifier",
    "MaskedPerson",
    "Merge",
    "MergeUndone",
    "NewPerson",
    "PersonErased",
    "Profile",
    "Resolution",
    "SamePerson",
    "State",
    "check_invariants",
    "create_many",
    "current_ids",
    "e164",
    "find",
    "identifiers_of",
    "merge",
    "merges_of",
    "mix_mobile",
    "person_by_id",
    "persons_by_id",
    "resolve",
    "undo_merge",
]
