"""Who does it, as rows remember it."""

from __future__ import annotations

from santong.kernel import tenancy
from santong.merchants import public as merchants


def signature() -> str:
    """The actor of the open scope."""
    actor = tenancy.current().actor
    return f"{actor.kind}:{actor.id}"


def hands(*, merchant_id: int) -> str:
    """The person behind it: a token does what its owner does, and is no second pair of eyes."""
    actor = tenancy.current().actor
    if actor.kind == "token":
        for token in merchants.tokens(merchant_id=merchant_id):
            if str(token.id) == actor.id:
                return f"staff:{token.created_by}"
    return signature()
