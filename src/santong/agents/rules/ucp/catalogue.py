"""Styles and SKUs as the protocol's products and variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from santong.agents.contracts import Document, Variant

COLOUR: Final = "Color"
SIZE: Final = "Size"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFilter:
    """A price in minor units; an end that is not said is open."""

    min_minor: int | None = None
    max_minor: int | None = None

    def lets(self, variant: Variant) -> bool:
        return (self.min_minor is None or variant.price_minor >= self.min_minor) and (
            self.max_minor is None or variant.price_minor <= self.max_minor
        )


def options_of(variant: Variant) -> dict[str, str]:
    """What tells a variant from its siblings, by name."""
    named = {COLOUR: variant.colour, SIZE: variant.size}
    return {name: label for name, label in named.items() if label}


def product_document(
    variants: Sequence[Variant],
    *,
    inputs_by_variant: Mapping[str, Sequence[Document]] | None = None,
) -> Document:
    """A product with these variants, the first of which is featured."""
    first = variants[0]
    prices = [variant.price_minor for variant in variants]
    return {
        "id": first.product_id,
        "handle": first.style_code,
        "title": first.name,
        "description": {"plain": first.name},
        "categories": (
            [{"value": first.category, "taxonomy": "merchant"}] if first.category else []
        ),
        "price_range": {
            "min": {"amount": min(prices), "currency": first.currency},
            "max": {"amount": max(prices), "currency": first.currency},
        },
        "options": [
            {"name": name, "values": [{"label": label} for label in labels]}
            for name, labels in _labels(variants).items()
        ],
        "variants": [
            _variant_document(variant, (inputs_by_variant or {}).get(variant.id))
            for variant in variants
        ],
    }


def chosen(
    variants: Sequence[Variant],
    *,
    selected: Mapping[str, str],
    preferences: Sequence[str],
) -> tuple[dict[str, str], list[Variant]]:
    """The selection that some variant has, and the variants that have it, those in stock first.

    What no variant has together is let go from the end of `preferences`, names that are not
    preferred before them. Without a selection, it is that of the featured variant.
    """
    wanted = {name: label for name, label in selected.items() if name in (COLOUR, SIZE)}
    if not wanted:
        featured = by_availability(variants)[0]
        wanted = options_of(featured)
    order = [name for name in preferences if name in wanted]
    order += [name for name in wanted if name not in order]
    while order:
        kept = {name: wanted[name] for name in order}
        matching = [each for each in variants if kept.items() <= options_of(each).items()]
        if matching:
            return kept, by_availability(matching)
        order.pop()
    return {}, by_availability(variants)


def by_availability(variants: Sequence[Variant]) -> list[Variant]:
    """Those that can be had first, otherwise as they come."""
    return sorted(variants, key=lambda variant: variant.promisable <= 0)


def signals(variants: Sequence[Variant], *, selection: Mapping[str, str]) -> list[Document]:
    """Each option's values, and for each whether it is there and to be had beside the selection."""
    found: list[Document] = []
    for name, labels in _labels(variants).items():
        others = {key: label for key, label in selection.items() if key != name}
        values: list[Document] = []
        for label in labels:
            having = [
                each
                for each in variants
                if {**others, name: label}.items() <= options_of(each).items()
            ]
            values.append(
                {
                    "label": label,
                    "available": any(each.promisable > 0 for each in having),
                    "exists": bool(having),
                }
            )
        found.append({"name": name, "values": values})
    return found


def _labels(variants: Sequence[Variant]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variant in variants:
        for name, label in options_of(variant).items():
            labels = found.setdefault(name, [])
            if label not in labels:
                labels.append(label)
    return found


def _variant_document(variant: Variant, inputs: Sequence[Document] | None) -> Document:
    options = options_of(variant)
    document: Document = {
        "id": variant.id,
        "sku": variant.code,
        "title": " / ".join(options.values()) or variant.name,
        "description": {"plain": variant.name},
        "price": {"amount": variant.price_minor, "currency": variant.currency},
        "availability": {"available": variant.promisable > 0},
        "options": [{"name": name, "label": label} for name, label in options.items()],
    }
    if variant.barcodes:
        document["barcodes"] = [{"value": barcode} for barcode in variant.barcodes]
    return document if inputs is None else {**document, "inputs": list(inputs)}
