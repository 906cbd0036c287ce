"""What all commands of agreements sign what they write with."""

from __future__ import annotations

from santong.kernel import tenancy


def signature() -> str:
    """Who does it."""
    actor = tenancy.current().actor
    return f"{actor.kind}:{actor.id}"
