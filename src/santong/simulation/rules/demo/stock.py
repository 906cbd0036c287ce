"""What the demo merchant's places hold: warehouses everything, small stores broken size runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from santong.kernel.money import spread
from santong.simulation.rules.demo.shape import Format, Place, Sku, Style

# Styles carried, colours of each, and pieces of a full colour run, by the format of the store.
STYLES_PERCENT: dict[Format, int] = {"flagship": 70, "standard": 38, "small": 20}
COLOURS_MAX: dict[Format, int] = {"flagship": 4, "standard": 3, "small": 2}
PIECES_OF_A_COLOUR: dict[Format, int] = {"flagship": 24, "standard": 12, "small": 6}
BROKEN_RUNS_PERCENT: dict[Format, int] = {"flagship": 5, "standard": 20, "small": 65}
PIECES_AT_A_WAREHOUSE = 60  # of a middling style in one colour
MIDDLING_POPULARITY = 300
DEPTH_MIN, DEPTH_MAX = 0.4, 6.0


def opening_stock(
    *, places: Sequence[Place], styles: Sequence[Style], seed: int
) -> dict[tuple[str, str], int]:
    """Pieces on hand by place and SKU; what a place does not hold is not listed."""
    stock: Counter[tuple[str, str]] = Counter()
    for place in places:
        random = Random(f"{seed}/stock/{place.code}")
        if place.kind == "warehouse":
            _fill_warehouse(stock, place, styles, random=random)
        else:
            own = [style for style in styles if style.brand == place.brand]
            _fill_store(stock, place, own, random=random)
    return {key: pieces for key, pieces in stock.items() if pieces}


def _fill_warehouse(
    stock: Counter[tuple[str, str]], place: Place, styles: Sequence[Style], *, random: Random
) -> None:
    for style in styles:
        for run in _colour_runs(style):
            pieces = PIECES_AT_A_WAREHOUSE * _depth(style) * random.uniform(0.5, 1.5)
            for sku, share in _by_size(run, round(pieces)):
                stock[place.code, sku.code] += share


def _fill_store(
    stock: Counter[tuple[str, str]], place: Place, styles: Sequence[Style], *, random: Random
) -> None:
    carried = random.sample(styles, len(styles) * STYLES_PERCENT[place.format] // 100)
    for style in carried:
        runs = _colour_runs(style)
        for run in random.sample(runs, min(len(runs), COLOURS_MAX[place.format])):
            pieces = PIECES_OF_A_COLOUR[place.format] * random.uniform(0.6, 1.3)
            for sku, share in _by_size(_unbroken(run, place, random=random), round(pieces)):
                stock[place.code, sku.code] += share


def _depth(style: Style) -> float:
    return max(DEPTH_MIN, min(DEPTH_MAX, style.popularity / MIDDLING_POPULARITY))


def _colour_runs(style: Style) -> list[list[Sku]]:
    runs: dict[str, list[Sku]] = {}
    for sku in style.skus:
        runs.setdefault(sku.colour, []).append(sku)
    return list(runs.values())


def _unbroken(run: Sequence[Sku], place: Place, *, random: Random) -> Sequence[Sku]:
    """The sizes that are still there: in a broken run one or two at the edges are sold out."""
    if random.randrange(100) >= BROKEN_RUNS_PERCENT[place.format]:
        return run
    gone = random.sample(range(len(run)), min(len(run) - 1, random.randint(1, 3)))
    return [sku for number, sku in enumerate(run) if number not in gone]


def _by_size(run: Sequence[Sku], pieces: int) -> list[tuple[Sku, int]]:
    """Pieces spread over the sizes of one colour by the size curve, not one lost."""
    parts = spread(pieces, over=[sku.size_share for sku in run])
    return list(zip(run, parts, strict=True))
