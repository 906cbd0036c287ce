"""An accepted agreement on paper, unsigned: every term in words, who accepted it, its place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, HRFlowable, Image, Paragraph, SimpleDocTemplate, Spacer

# A name that readers have always known for simplified Chinese: no font is handed on.
FONT = "STSong-Light"
_MARGIN = 20 * mm
_SIGNATURE_WIDTH = 60 * mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What stands on the paper."""

    title: str
    merchant: str
    facts: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str]]
    accepted: Sequence[tuple[str, str]]
    chain: Sequence[tuple[str, str]]
    signature: bytes


def drawn(said: Said) -> bytes:
    """The paper as PDF."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    body = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=15, wordWrap="CJK")
    small = ParagraphStyle("small", parent=body, fontSize=8, leading=12, textColor="#444444")
    head = ParagraphStyle("head", parent=body, fontSize=17, leading=24, alignment=TA_CENTER)
    story: list[Flowable] = [
        Paragraph(_text(said.title), head),
        Paragraph(_text(said.merchant), ParagraphStyle("house", parent=body, alignment=TA_CENTER)),
        Spacer(1, 6 * mm),
        *_pairs(said.facts, body),
        Spacer(1, 3 * mm),
        HRFlowable(width="100%", color="#999999"),
    ]
    for number, (chinese, english) in enumerate(said.terms, 1):
        story += [
            Spacer(1, 3 * mm),
            Paragraph(_text(f"{number}. {chinese}"), body),
            Paragraph(_text(english), small),
        ]
    story += [Spacer(1, 4 * mm), HRFlowable(width="100%", color="#999999"), Spacer(1, 3 * mm)]
    story += _pairs(said.accepted, body)
    if said.signature:
        story += [Spacer(1, 2 * mm), _picture(said.signature)]
    story += [Spacer(1, 4 * mm), *_pairs(said.chain, small)]
    return _built(story, said.title)


def _built(story: list[Flowable], title: str) -> bytes:
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        invariant=1,
    )
    document.build(story)
    return file.getvalue()


def _pairs(pairs: Sequence[tuple[str, str]], style: ParagraphStyle) -> list[Flowable]:
    return [Paragraph(_text(f"{name}：{value}"), style) for name, value in pairs if value]


def _picture(signature: bytes) -> Flowable:
    width, height = ImageReader(io.BytesIO(signature)).getSize()
    drawn_height = min(_SIGNATURE_WIDTH * height / max(width, 1), 40 * mm)
    return Image(
        io.BytesIO(signature),
        width=drawn_height * width / max(height, 1),
        height=drawn_height,
        hAlign="LEFT",
    )


def _text(text: str) -> str:
    """Signs that the font lacks have a wide form that it has."""
    return escape(text.replace("\N{YEN SIGN}", "\N{FULLWIDTH YEN SIGN}"))
