"""Buyers' codes: derived, so that no table holds one."""

from __future__ import annotations

from santong.kernel import crypto

CODE_DIGITS = 6


def arrival_code(*, merchant_id: int, visit_id: int) -> str:
    """The code that the buyer shows to whoever has come."""
    return _code(merchant_id, f"arrival:{visit_id}")


def completion_code(*, merchant_id: int, visit_id: int) -> str:
    """The code with which the buyer accepts the work, once."""
    return _code(merchant_id, f"completion:{visit_id}")


def _code(merchant_id: int, what: str) -> str:
    mixed = crypto.blind_index(merchant_id=merchant_id, value=what, purpose="fieldservice.code")
    return f"{int.from_bytes(mixed[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
