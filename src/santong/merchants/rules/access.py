"""What somebody's grants add up to: which permissions, and each of them at which places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from santong.merchants.rules.permissions import PERMISSIONS_BY_ROLE

# The places of a grant or of a permission; None is every place of the merchant.
Places = frozenset[int] | None


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A role with the places that it is granted for."""

    role: str
    places: Places


@dataclass(frozen=True, slots=True)
class Access:
    """Each permission with its places. What is not in it is refused."""

    places_by_permission: Mapping[str, Places]

    @property
    def permissions(self) -> frozenset[str]:
        return frozenset(self.places_by_permission)

    @property
    def places(self) -> Places:
        """Every place that any permission reaches."""
        return _together(self.places_by_permission.values())


NO_ACCESS = Access({})


def access_of(grants: Iterable[GrantedRole]) -> Access:
    """Add grants up. A clerk here who is manager there is manager there only."""
    parts: dict[str, list[Places]] = {}
    for grant in grants:
        for permission in PERMISSIONS_BY_ROLE.get(grant.role, frozenset()):
            parts.setdefault(permission, []).append(grant.places)
    return Access({permission: _together(places) for permission, places in parts.items()})


def limited_to(access: Access, permissions: Iterable[str]) -> Access:
    """What is left of somebody's access for a token that asks for some permissions."""
    wanted = frozenset(permissions)
    return Access({p: at for p, at in access.places_by_permission.items() if p in wanted})


def exceeds(wanted: Access, own: Access) -> tuple[str, ...]:
    """The permissions of `wanted` that `own` lacks, altogether or at some place."""
    return tuple(
        sorted(
            permission
            for permission, places in wanted.places_by_permission.items()
            if permission not in own.places_by_permission
            or not _within(places, own.places_by_permission[permission])
        )
    )


def _together(parts: Iterable[Places]) -> Places:
    known = list(parts)
    if any(places is None for places in known):
        return None
    return frozenset(chain.from_iterable(places for places in known if places is not None))


def _within(inner: Places, outer: Places) -> bool:
    return outer is None or (inner is not None and inner <= outer)
