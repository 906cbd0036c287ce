"""Who somebody is, decided from what is known of those whom the identifiers lead to.

Strong identifiers join persons, unless something says that the two must be two: each has an account
where a person has one, a number came with another name and birthday, or somebody has looked at the
two and found them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from santong.customers.contracts import Identifier, Profile
from santong.customers.rules.identifiers import ACCOUNTS, CONTACTS

# Whose account: its kind and scope.
Issuer = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a person whom an identifier leads to. Accounts by issuer, blindly."""

    person_id: int
    accounts_by_issuer: Mapping[Issuer, frozenset[bytes]]
    profile: Profile
    apart_from: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One identifier of a request: whom it leads to, if to anybody.

    `is_news` says that its edge has something to be told: it was seen again, or is verified now.
    """

    identifier: Identifier
    blind_index: bytes
    holder_id: int | None
    is_shared: bool = False
    is_news: bool = False


@dataclass(slots=True)
class Decision:
    """Who it is (nobody yet), who else is the same one, and which identifiers say otherwise."""

    person_id: int | None = None
    merge: list[int] = field(default_factory=list[int])
    conflicting: list[Identifier] = field(default_factory=list[Identifier])


def decide(
    asked: Sequence[Asked], *, known: Mapping[int, Known], profile: Profile | None
) -> Decision:
    """Take the strongest evidence first; what contradicts it is left where it is."""
    decision = Decision()
    group: dict[int, Known] = {}
    accounts: dict[Issuer, frozenset[bytes]] = {}
    for one in asked:
        if one.holder_id in group:
            continue
        holder = known[one.holder_id] if one.holder_id is not None else None
        its_own = _accounts(one, holder)
        if _differ(accounts, its_own) or (
            holder is not None and _is_another(one.identifier, holder, group=group, said=profile)
        ):
            decision.conflicting.append(one.identifier)
            continue
        for issuer, indexes in its_own.items():
            accounts[issuer] = accounts.get(issuer, frozenset()) | indexes
        if holder is not None:
            group[holder.person_id] = holder
    if group:
        # The one that was known first stays.
        decision.person_id = min(group)
        decision.merge = sorted(group.keys() - {decision.person_id})
    return decision


def are_different(one: Profile, other: Profile) -> bool:
    """Whether two profiles speak of two human beings: neither name nor birthday is the same."""
    if not (one.name and other.name and one.birthday and other.birthday):
        return False
    return one.name != other.name and one.birthday != other.birthday


def completed(profile: Profile, *, by: Profile) -> Profile:
    """A profile with its blanks filled; what is known stays."""
    has_address = bool(profile.province or profile.city or profile.district or profile.address)
    place = profile if has_address else by
    return Profile(
        name=profile.name or by.name,
        birthday=profile.birthday or by.birthday,
        gender=profile.gender or by.gender,
        province=place.province,
        city=place.city,
        district=place.district,
        address=place.address,
    )


def _accounts(one: Asked, holder: Known | None) -> Mapping[Issuer, frozenset[bytes]]:
    if holder is not None:
        return holder.accounts_by_issuer
    if one.identifier.kind in ACCOUNTS and not one.is_shared:
        return {(one.identifier.kind, one.identifier.scope): frozenset({one.blind_index})}
    return {}


def _differ(
    some: Mapping[Issuer, frozenset[bytes]], others: Mapping[Issuer, frozenset[bytes]]
) -> bool:
    return any(
        issuer in some and some[issuer].isdisjoint(indexes) for issuer, indexes in others.items()
    )


def _is_another(
    identifier: Identifier,
    holder: Known,
    *,
    group: Mapping[int, Known],
    said: Profile | None,
) -> bool:
    if any(member in holder.apart_from for member in group):
        return True
    others = [member.profile for member in group.values()]
    if identifier.kind in CONTACTS and said is not None:
        others.append(said)
    return any(are_different(holder.profile, other) for other in others)
