"""Whose clocks somebody may see over HTTP: everybody's, or nobody's.

Places have owners above us; pages, which know these, narrow by them.
"""

from __future__ import annotations

from typing import Final

from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import Actor

VIEW: Final = "clocks.view"


def check_everywhere(*, actor: Actor) -> None:
    """Refuse whoever may see clocks of some places only. Raises PermissionMissing."""
    if actor.location_ids is not None:
        raise PermissionMissing(permission=VIEW)
