"""What all stock commands sign their movements with."""

from __future__ import annotations

from santong.kernel import tenancy


def signature() -> str:
    """Who does it."""
    actor = tenancy.current().actor
    return f"{actor.kind}:{actor.id}"
