"""Take pieces out of a part that waits for who fills it. Its sale is locked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from santong.settlement.contracts import LineKind, Place
from santong.settlement.models import Part, Sale
from santong.settlement.services.share_parts import new_part, share_parts


def waiting_parts(*, merchant_id: int, sale: Sale, kind: LineKind) -> list[Part]:
    """Parts of a kind of line that nobody has filled yet."""
    rows = Part.objects.of_merchant(merchant_id).filter(
        sale=sale, state="open", key="", line__kind=kind
    )
    return list(rows.select_related("line").order_by("line__number"))


def first_of(
    *, sale: Sale, part: Part, pieces: int, key: str, filler: Place, now: datetime
) -> None:
    """Give the first pieces of a waiting part to who fills them; the others go on waiting."""
    pieces = min(pieces, part.pieces)
    line, behind = part.line, _assigned(part)
    parts = [new_part(line=line, behind=behind, pieces=pieces, key=key, filler=filler, now=now)]
    if pieces < part.pieces:
        parts.append(
            new_part(
                line=line,
                behind=behind + pieces,
                pieces=part.pieces - pieces,
                key="",
                filler=None,
                now=now,
            )
        )
    _close(part, "superseded")
    share_parts(merchant_id=part.merchant_id, sale=sale, parts=parts, now=now)


def cancel_last_of(*, sale: Sale, part: Part, pieces: int, now: datetime) -> None:
    """Cancel the last pieces of a waiting part; the others go on waiting."""
    kept = part.pieces - pieces
    if kept > 0:
        rest = new_part(
            line=part.line, behind=_assigned(part), pieces=kept, key="", filler=None, now=now
        )
        _close(part, "superseded")
        share_parts(merchant_id=part.merchant_id, sale=sale, parts=[rest], now=now)
    else:
        _close(part, "cancelled")


def _assigned(part: Part) -> int:
    """How many pieces of the line have left their places."""
    rows = Part.objects.of_merchant(part.merchant_id).filter(line=part.line_id, state="open")
    pieces: int | None = rows.exclude(key="").aggregate(pieces=Sum("pieces"))["pieces"]
    return pieces or 0


def _close(part: Part, state: str) -> None:
    part.state = state
    part.save(update_fields=["state"])
