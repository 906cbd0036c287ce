"""Who does something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

ActorKind = Literal["system", "staff", "token", "buyer", "app"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and what they may do.

    `location_ids` of None means every place of the merchant. A person may be clerk in one store and
    manager of another: `at` narrows the places to those of one permission, and an endpoint that
    `requires` a permission gets its actor narrowed.
    """

    kind: ActorKind
    id: str
    name: str
    permissions: frozenset[str] = frozenset()
    location_ids: frozenset[int] | None = None
    location_ids_by_permission: Mapping[str, frozenset[int] | None] | None = field(
        default=None, repr=False, compare=False
    )

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_at(self, location_id: int) -> bool:
        return self.location_ids is None or location_id in self.location_ids

    def at(self, permission: str) -> Actor:
        """The same actor, with the places at which the permission was given; none without it."""
        if self.location_ids_by_permission is None:
            return self
        places = self.location_ids_by_permission.get(permission, frozenset())
        return replace(self, location_ids=places)


SYSTEM = Actor(kind="system", id="system", name="Santong")
