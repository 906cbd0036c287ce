from __future__ import annotations

import io
from datetime import datetime
from random import Random
from typing import Final

from PIL import Image, ImageDraw

from santong.evidence import public as evidence

_SIZE: Final = (480, 360)
_WALLS: Final = ("#e8e2d6", "#dfe6e4", "#ece7ef", "#f0ebe0")
_WOODS: Final = ("#8a5a33", "#6d4c33", "#a8743f", "#4f5b5a")


def keep_demo_photo(*, merchant_id: int, subject: str, of: str, by: str, now: datetime) -> int:
    """A photo of something behind a subject, once. Emits EvidenceAdded."""
    return evidence.add(
        merchant_id=merchant_id,
        subject=subject,
        kind="photo",
        content=demo_photo(of=of),
        name=f"{of}.jpg",
        taken_at=now,
        geo=None,
        by=by,
        now=now,
    ).id


def demo_photo(*, of: str) -> bytes:
    """A drawing of a thing against a wall, as JPEG: another one for each name."""
    random = Random(of)
    image = Image.new("RGB", _SIZE, random.choice(_WALLS))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 300, 480, 360), fill="#b9a88f")
    left, width = random.randrange(90, 180), random.randrange(130, 220)
    wood = random.choice(_WOODS)
    pen.rectangle((left, 60, left + width, 310), fill=wood, outline="#3c2a1c", width=4)
    for panel in range(2):
        top = 84 + 112 * panel
        pen.rectangle((left + 20, top, left + width - 20, top + 90), outline="#3c2a1c", width=3)
    pen.ellipse((left + width - 18, 186, left + width - 6, 198), fill="#d8b45a")
    for _ in range(random.randrange(2, 6)):
        spot = random.randrange(480), random.randrange(300)
        pen.point(spot, fill="#6b6b6b")
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return kept.getvalue()
