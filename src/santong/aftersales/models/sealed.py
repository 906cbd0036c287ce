"""What buyers write, as it is kept: sealed, bound to where it stands."""

from __future__ import annotations

from santong.kernel import crypto


def seal_text(*, merchant_id: int, text: str, place: str) -> bytes:
    """A text as it is kept; nothing is kept of nothing."""
    if not text:
        return b""
    return crypto.encrypt(merchant_id=merchant_id, plain=text.encode(), place=place)


def open_text(*, merchant_id: int, sealed: bytes, place: str) -> str:
    """A text that `seal_text` sealed."""
    if not sealed:
        return ""
    return crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=place).decode()
