"""The tables of customers."""

from santong.customers.models.consents import ConsentEvent
from santong.customers.models.matches import Match, MatchDue, MatchKey, MatchRun
from santong.customers.models.merges import Apart, Merge, MergeUndo
from santong.customers.models.persons import Identity, Person
from santong.customers.models.settings import IdentityCap, MixKey, SharedIdentifier

__all__ = [
    "Apart",
    "ConsentEvent",
    "Identity",
    "IdentityCap",
    "Match",
    "MatchDue",
    "MatchKey",
    "MatchRun",
    "Merge",
    "MergeUndo",
    "MixKey",
    "Person",
    "SharedIdentifier",
]
