"""Who does it, as rows remember it."""

from __future__ import annotations

from santong.kernel import tenancy


def signature() -> str:
    """The actor of the open scope."""
    actor = tenancy.current().actor
    return f"{actor.kind}:{actor.id}"
