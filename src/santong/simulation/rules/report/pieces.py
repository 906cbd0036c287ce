"""The parts that a page is put together from: sections, tiles, tables, figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from santong.simulation.rules.drawing import charts
from santong.simulation.rules.drawing.charts import Bar
from santong.simulation.rules.report.words import Both


class Tile(NamedTuple):
    """One figure in large type with its unit, what it stands beside, and how it is counted."""

    title: Both
    figure: str
    unit: Both
    how: Both
    note: str = ""


class Column(NamedTuple):
    title: Both
    is_number: bool = True


def section(*, title: Both, parts: Sequence[str], lead: Both | None = None) -> str:
    """A headed part of the page."""
    intro = (
        f"<p class='lead'>{escape(lead.zh)}<br><span>{escape(lead.en)}</span></p>" if lead else ""
    )
    head = f"<h2>{escape(title.zh)} <span>{escape(title.en)}</span></h2>"
    return f"<section>{head}{intro}{''.join(parts)}</section>"


def section_of_bars(*, title: Both, caption: Both, bars: Sequence[Bar]) -> str:
    """A headed part that is one figure."""
    picture = charts.bars(rows=bars, label=f"{caption.zh} {caption.en}")
    return section(title=title, parts=[figure(picture=picture, caption=caption)])


def tiles(*, shown: Sequence[Tile]) -> str:
    """Figures side by side."""
    cells = "".join(
        f"<div class='tile'><div class='name'>{escape(tile.title.zh)}"
        f"<span>{escape(tile.title.en)}</span></div>"
        f"<div class='figure'>{escape(tile.figure)} <small>{_in_both(tile.unit)}</small></div>"
        f"<div class='note'>{escape(tile.note)}</div>"
        f"<div class='how'>{escape(tile.how.zh)}<span>{escape(tile.how.en)}</span></div></div>"
        for tile in shown
    )
    return f"<div class='tiles'>{cells}</div>"


def _in_both(unit: Both) -> str:
    return escape(unit.zh if unit.zh == unit.en else f"{unit.zh} {unit.en}")


def table(
    *, columns: Sequence[Column], rows: Sequence[Sequence[str]], strong: int | None = None
) -> str:
    """Rows under headings; one row may be set in strong type."""
    head = "".join(
        f"<th{_aligned(column)}>{escape(column.title.zh)}<span>{escape(column.title.en)}</span></th>"
        for column in columns
    )
    body = "".join(
        f"<tr{' class=strong' if number == strong else ''}>"
        + "".join(
            f"<td{_aligned(column)}>{escape(cell)}</td>"
            for column, cell in zip(columns, row, strict=True)
        )
        + "</tr>"
        for number, row in enumerate(rows)
    )
    return (
        f"<div class='wide'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def figure(*, picture: str, caption: Both) -> str:
    """A picture with what it shows."""
    return (
        f"<figure>{picture}<figcaption>{escape(caption.zh)}"
        f"<span>{escape(caption.en)}</span></figcaption></figure>"
    )


def side_by_side(*, parts: Sequence[str]) -> str:
    """Two or three parts in a row, one below the other on a narrow screen."""
    return f"<div class='row'>{''.join(parts)}</div>"


def notes(*, lines: Sequence[Both]) -> str:
    """Things that a reader must know to judge the figures."""
    items = "".join(
        f"<li>{escape(line.zh)}<br><span>{escape(line.en)}</span></li>" for line in lines
    )
    return f"<ul class='notes'>{items}</ul>"


def page(*, title: str, heading: Both, subtitle: str, body: Sequence[str]) -> str:
    """A whole page that needs nothing from anywhere."""
    return (
        "<!doctype html><html lang='zh-Hans'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main><header>"
        f"<h1>{escape(heading.zh)} <span>{escape(heading.en)}</span></h1>"
        f"<p>{escape(subtitle)}</p></header>{''.join(body)}</main></body></html>\n"
    )


def _aligned(column: Column) -> str:
    return " class='n'" if column.is_number else ""


STYLE = """
:root{color-scheme:light;--ink:#1f2933;--muted:#66727f;--line:#e4e8ec;--ours:#0f766e}
*{box-sizing:border-box}
body{margin:0;background:#f4f6f8;color:var(--ink);line-height:1.5;font-size:15px;
font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
"Noto Sans SC","WenQuanYi Zen Hei",sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 20px 64px}
header{margin-bottom:20px}
h1{font-size:30px;margin:0 0 4px;letter-spacing:.01em}
h1 span,h2 span{color:var(--muted);font-weight:400;font-size:.62em;margin-left:6px}
header p{margin:0;color:var(--muted)}
section{background:#fff;border:1px solid var(--line);border-radius:12px;padding:24px 28px;
margin:18px 0}
h2{font-size:21px;margin:0 0 10px}
.lead{margin:0 0 16px;max-width:84ch}
.lead span,.notes span{color:var(--muted);font-size:13.5px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(290px,1fr));gap:12px}
.tile{border:1px solid var(--line);border-radius:10px;padding:14px 16px;background:#fbfcfd}
.tile .name{font-size:14px}
.tile .name span,th span,figcaption span{display:block;color:var(--muted);font-size:12.5px;
font-weight:400}
.tile .figure{font-size:27px;font-weight:650;margin-top:6px;font-variant-numeric:tabular-nums}
.tile .figure small{font-size:13px;font-weight:400;color:var(--muted)}
.tile .note{font-size:13px;min-height:1.4em}
.tile .how{font-size:12.5px;margin-top:8px;padding-top:8px;border-top:1px solid var(--line)}
.tile .how span{display:block;color:var(--muted);margin-top:2px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:6px 0 4px;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:8px 12px;border-bottom:1px solid var(--line);vertical-align:bottom}
th{font-size:13.5px;font-weight:600}
td.n,th.n{text-align:right}
tr.strong td{font-weight:650;background:#eef8f6}
.row{display:flex;flex-wrap:wrap;gap:28px;margin-top:12px}
.row>*{flex:1 1 420px;min-width:0}
figure{margin:10px 0 0}
figure svg{width:100%;max-width:660px;height:auto;display:block}
figcaption{font-size:14px;margin-top:6px}
.notes{margin:18px 0 0;padding-left:20px}
.row .notes{margin-top:10px}
.notes li{margin:0 0 10px;max-width:92ch}
svg text{font-family:inherit;fill:var(--ink);font-size:13px}
svg .tick{fill:var(--muted);font-size:12px}
svg .unit{fill:var(--muted);font-size:12px}
svg .value{font-weight:600}
@media print{body{background:#fff}section{break-inside:avoid;border-color:#ccc}}
"""
