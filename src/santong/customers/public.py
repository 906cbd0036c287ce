"""The door of customers: persons, how they are recognised, and what they consented to."""

from santong.customers.contracts import (
    Attachment,
    Channel,
    ConsentEvent,
    Erasure,
    Gender,
    Identifier,
    Kind,
    MaskedIdentifier,
    MaskedPerson,
    Match,
    MatchState,
    Merge,
    NewPerson,
    PersonExport,
    PersonRecord,
    Profile,
    Purpose,
    Resolution,
    RevealedIdentifier,
    RevealedPerson,
    State,
    Topic,
)
from santong.customers.errors import (
    IdentifierTaken,
    MatchDecided,
    MergeUndone,
    PersonErased,
    SamePerson,
)
from santong.customers.rules.phones import e164, mix_mobile
from santong.customers.selectors.birthdays import birthdays_on
from santong.customers.selectors.consents import consents_of, may_analyse, may_contact, may_share
from santong.customers.selectors.graph import PERSONS_NAMED, current_ids, erased_ids, find, named
from santong.customers.selectors.invariants import check_invariants
from santong.customers.selectors.matches import matches_page
from santong.customers.selectors.merges import merges_of
from santong.customers.selectors.named import refuse_naming
from santong.customers.selectors.persons import identifiers_of, person_by_id, persons_by_id
from santong.customers.services.accept_match import accept_match
from santong.customers.services.attach import attach
from santong.customers.services.correct_profile import correct_profile
from santong.customers.services.create_many import create_many
from santong.customers.services.detach import detach
from santong.customers.services.erase_person import erase_person
from santong.customers.services.export_person import export_person
from santong.customers.services.give_consent import give_consent
from santong.customers.services.index_mixes import index_mixes
from santong.customers.services.merge import merge
from santong.customers.services.propose_matches import propose_matches
from santong.customers.services.reject_match import reject_match
from santong.customers.services.resolve import resolve
from santong.customers.services.reveal_person import reveal_person
from santong.customers.services.set_identity_cap import set_identity_cap
from santong.customers.services.set_mix_key import set_mix_key
from santong.customers.services.undo_merge import undo_merge
from santong.customers.services.withdraw_consent import withdraw_consent

__all__ = [
    "PERSONS_NAMED",
    "Attachment",
    "Channel",
    "ConsentEvent",
    "Erasure",
    "Gender",
    "Identifier",
    "IdentifierTaken",
    "Kind",
    "MaskedIdentifier",
    "MaskedPerson",
    "Match",
    "MatchDecided",
    "MatchState",
    "Merge",
    "MergeUndone",
    "NewPerson",
    "PersonErased",
    "PersonExport",
    "PersonRecord",
    "Profile",
    "Purpose",
    "Resolution",
    "RevealedIdentifier",
    "RevealedPerson",
    "SamePerson",
    "State",
    "Topic",
    "accept_match",
    "attach",
    "birthdays_on",
    "check_invariants",
    "consents_of",
    "correct_profile",
    "create_many",
    "current_ids",
    "detach",
    "e164",
    "erase_person",
    "erased_ids",
    "export_person",
    "find",
    "give_consent",
    "identifiers_of",
    "index_mixes",
    "matches_page",
    "may_analyse",
    "may_contact",
    "may_share",
    "merge",
    "merges_of",
    "mix_mobile",
    "named",
    "person_by_id",
    "persons_by_id",
    "propose_matches",
    "refuse_naming",
    "reject_match",
    "resolve",
    "reveal_person",
    "set_identity_cap",
    "set_mix_key",
    "undo_merge",
    "withdraw_consent",
]
