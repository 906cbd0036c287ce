"""Codes as pictures."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """A QR code as an SVG element that takes the size of where it stands."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4
    )
    return out.getvalue().decode()
