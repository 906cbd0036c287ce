"""The demo merchant's styles and SKUs: composed names, price tags, own barcodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count, product
from random import Random

from santong.simulation.rules.demo import words
from santong.simulation.rules.demo.barcodes import own_barcode
from santong.simulation.rules.demo.shape import Brand, Sku, Style
from santong.simulation.rules.demo.words import ColourWord, Kind

COLOURS_OF_A_STYLE = (4, 3, 5, 4)  # by turns: four on average
MARKDOWNS_PERCENT = (0, 0, 0, 10, 10, 20, 30)  # most goods sell at the tag's price, or near it
AUTUMN_BEGINS = 8
SPRING_BEGINS = 2
POPULARITY_OF_THE_FIRST = 10_000


def styles(brands: Sequence[Brand], *, seed: int, skus: int, on: date) -> tuple[Style, ...]:
    """Styles of every brand that have exactly `skus` SKUs together."""
    random = Random(f"{seed}/goods")
    barcode_numbers = count(1)
    shares = [skus // len(brands)] * len(brands)
    shares[0] += skus - sum(shares)
    season = _season(on)
    made: list[Style] = []
    for number, (brand, share) in enumerate(zip(brands, shares, strict=True)):
        kinds = words.WOMEN_KINDS if number % 2 == 0 else words.MEN_KINDS
        made += _styles_of(
            brand, kinds=kinds, skus=share, season=season, numbers=barcode_numbers, random=random
        )
    return tuple(made)


def _season(on: date) -> str:
    """`26AW` from August to January, `26SS` from February to July."""
    if on.month < SPRING_BEGINS:
        return f"{(on.year - 1) % 100:02d}AW"
    return f"{on.year % 100:02d}{'AW' if on.month >= AUTUMN_BEGINS else 'SS'}"


def _styles_of(
    brand: Brand,
    *,
    kinds: Sequence[Kind],
    skus: int,
    season: str,
    numbers: Iterator[int],
    random: Random,
) -> Iterator[Style]:
    names = _names(kinds, random=random)
    ranks = _popularities(skus, random=random)
    left = skus
    for number in count(1):
        if not left:
            return
        kind, name = next(names)
        colours = random.sample(words.COLOURS, COLOURS_OF_A_STYLE[number % len(COLOURS_OF_A_STYLE)])
        code = f"{brand.code}{number:03d}"
        variants = _variants(code, kind, colours, numbers=numbers, at_most=left, random=random)
        left -= len(variants)
        yield Style(
            code=code,
            name=name,
            brand=brand.code,
            category=kind.category,
            season=season,
            popularity=next(ranks),
            markdown_percent=random.choice(MARKDOWNS_PERCENT),
            skus=variants,
        )


def _names(kinds: Sequence[Kind], *, random: Random) -> Iterator[tuple[Kind, str]]:
    """Kinds by turns, each with a name that no other style has."""
    composed = {
        kind.noun: [
            f"{feature}{material}{kind.noun}"
            for feature, material in product(kind.features, kind.materials)
        ]
        for kind in kinds
    }
    for names in composed.values():
        random.shuffle(names)
    for turn in count():
        for kind in kinds:
            names = composed[kind.noun]
            again = turn // len(names)
            yield kind, names[turn % len(names)] + ("" if not again else f"{again + 1}代")


def _popularities(styles_max: int, *, random: Random) -> Iterator[int]:
    """Demand falls with rank as one over rank, and which style has which rank is chance."""
    ranks = list(range(1, max(styles_max // 15, 1) + 20))
    random.shuffle(ranks)
    return (POPULARITY_OF_THE_FIRST // rank for rank in ranks)


def _variants(
    style_code: str,
    kind: Kind,
    colours: Sequence[ColourWord],
    *,
    numbers: Iterator[int],
    at_most: int,
    random: Random,
) -> tuple[Sku, ...]:
    price_yuan = _price_tag(random.randint(*kind.price_yuan))
    weight_grams = round(kind.weight_grams * random.uniform(0.85, 1.2), -1)
    variants = [
        (colour, place, size) for colour in colours for place, size in enumerate(kind.curve.sizes)
    ]
    length_mm, width_mm, height_mm = kind.folded_mm
    return tuple(
        Sku(
            code=f"{style_code}-{colour.code}-{size}",
            barcode=own_barcode(next(numbers)),
            colour=colour.name,
            size=size,
            weight_grams=int(weight_grams) + 10 * place,
            length_mm=length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
            list_price_minor=price_yuan * 100,
            size_share=kind.curve.shares[place],
        )
        for colour, place, size in variants[:at_most]
    )


def _price_tag(yuan: int) -> int:
    return max(step for step in words.PRICE_STEPS_YUAN if step <= yuan)
