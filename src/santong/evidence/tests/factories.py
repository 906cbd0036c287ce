"""Things of evidence for tests: say what the test is about."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from santong.evidence import contracts
from santong.evidence.services.add import add

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64


def make_photo(*, colour: str = "sienna", format: str = "JPEG") -> bytes:  # noqa: A002  (Pillow's word)
    """A picture of nothing: other colours are other bytes."""
    drawn = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(drawn, format)
    return drawn.getvalue()


def make_evidence(
    merchant_id: int, *, subject: str = "agreement:3", content: bytes | None = None, **given: Any
) -> contracts.Evidence:
    values: dict[str, Any] = {
        "kind": "photo",
        "name": "scratch.jpg",
        "taken_at": None,
        "geo": None,
        "by": "staff:1",
        "now": NOW,
    }
    return add(
        merchant_id=merchant_id,
        subject=subject,
        content=make_photo() if content is None else content,
        **{**values, **given},
    )
