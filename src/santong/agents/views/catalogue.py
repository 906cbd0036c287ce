"""The catalogue for buying agents: search, look-up, one product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Final

from santong.agents import contracts
from santong.agents.documents.requests import FiltersIn, LookupIn, ProductIn, SearchIn, read
from santong.agents.errors import RequestInvalid
from santong.agents.rules.ucp import catalogue
from santong.agents.rules.ucp.negotiation import LOOKUP, SEARCH, envelope
from santong.agents.selectors.goods import sku_id_of, style_id_of, variants_of
from santong.agents.views.answers import Answer
from santong.agents.views.frame import Call, operation
from santong.catalog import public as catalog
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.pages import before_id, cursor_after

MOST_PRODUCTS: Final = 50
MOST_VARIANTS: Final = 200


@operation(SEARCH, "POST")
def search(call: Call) -> Answer:
    """Products by words, category and price, newest first."""
    asked = read(call.request.body, SearchIn)
    if not asked.query and asked.filters is None:
        raise RequestInvalid(where="$", reason="a query or filters")
    limit = min(asked.pagination.limit, MOST_PRODUCTS)
    try:
        below = before_id(asked.pagination.cursor)
    except FieldInvalid as wrong:
        raise RequestInvalid(where="$.pagination.cursor", reason=wrong.reason) from None
    styles = catalog.styles_page(
        merchant_id=call.merchant_id, search=asked.query, below_id=below, limit=limit + 1
    )
    shown, more = styles[:limit], len(styles) > limit
    variants = _of_styles(call, [style.code for style in shown])
    products = []
    within = _within(call, asked)
    for style in shown:
        kept = [each for each in variants.get(style.id, []) if within.lets(each)]
        if kept and _in_category(style.category, asked.filters):
            products.append(catalogue.product_document(catalogue.by_availability(kept)))
    pagination: contracts.Document = {"has_next_page": more}
    if more:
        pagination["cursor"] = cursor_after(shown[-1].id)
    body = {"products": products, "pagination": pagination}
    return _answer(call, SEARCH, body, _notes(call, asked))


@operation(LOOKUP, "POST")
def lookup(call: Call) -> Answer:
    """Products of ids: a product's own, a variant's, or a SKU's code."""
    asked = read(call.request.body, LookupIn)
    ids = list(dict.fromkeys(asked.ids))
    if len(ids) > contracts.MOST_IDS:
        problem = {"code": "request_too_large", "content": f"At most {contracts.MOST_IDS} ids."}
        return Answer(problem, HTTPStatus.BAD_REQUEST)
    within = _within(call, asked)
    documents = [
        catalogue.product_document(
            [variant for variant, _ in found],
            inputs_by_variant={variant.id: inputs for variant, inputs in found},
        )
        for found in _products_of(call, ids, within)
    ]
    return _answer(call, LOOKUP, {"products": documents}, _notes(call, asked))


@operation(LOOKUP, "POST")
def product(call: Call) -> Answer:
    """One product with the variants that fit what was selected, and what else could be."""
    asked = read(call.request.body, ProductIn)
    style_id, sku_id = style_id_of(asked.id), sku_id_of(asked.id)
    if sku_id is not None:
        found = catalog.skus_by_id(merchant_id=call.merchant_id, sku_ids=[sku_id])
        style_id = found[sku_id].style_id if sku_id in found else None
    every = _of_style(call, style_id) if style_id is not None else []
    named = [each for each in every if each.sku_id == sku_id]
    if not every or (sku_id is not None and not named):
        message = contracts.Message(
            code="not_found", content="There is no such product.", severity="recoverable"
        )
        document = {"ucp": envelope((), status="error"), "messages": [message.as_document()]}
        return Answer(document)
    selected = {each.name: each.label for each in asked.selected}
    if named:
        selected = catalogue.options_of(named[0])
    effective, fitting = catalogue.chosen(every, selected=selected, preferences=asked.preferences)
    fitting.sort(key=lambda each: each not in named)
    within = _within(call, asked)
    shown = catalogue.product_document([each for each in fitting if within.lets(each)] or fitting)
    shown["options"] = catalogue.signals(every, selection=effective)
    shown["selected"] = [{"name": name, "label": label} for name, label in effective.items()]
    return _answer(call, LOOKUP, {"product": shown}, _notes(call, asked))


def _answer(
    call: Call,
    capability: str,
    body: contracts.Document,
    messages: Sequence[contracts.Document],
) -> Answer:
    document: contracts.Document = {"ucp": envelope(call.agreed.for_operation(capability)), **body}
    return Answer({**document, "messages": list(messages)} if messages else document)


def _of_styles(call: Call, codes: Iterable[str]) -> dict[int, list[contracts.Variant]]:
    """Sellable variants by style."""
    found: dict[int, list[contracts.Variant]] = {}
    skus = [sku for code in codes for sku in _skus_of_style(call, code)]
    for variant in variants_of(merchant_id=call.merchant_id, shop=call.shop, skus=skus):
        if variant.is_sellable:
            found.setdefault(variant.style_id, []).append(variant)
    return found


def _of_style(call: Call, style_id: int) -> list[contracts.Variant]:
    some = catalog.styles_page(merchant_id=call.merchant_id, below_id=style_id + 1, limit=1)
    if not some or some[0].id != style_id:
        return []
    return _of_styles(call, [some[0].code]).get(style_id, [])


def _skus_of_style(call: Call, code: str) -> list[catalog.Sku]:
    found = catalog.skus_page(merchant_id=call.merchant_id, style_code=code, limit=MOST_VARIANTS)
    return sorted(found, key=lambda sku: sku.id)


def _skus_of(call: Call, ids: Sequence[str]) -> dict[str, catalog.Sku]:
    """The SKU that each id names itself."""
    numbers = {each: number for each in ids if (number := sku_id_of(each)) is not None}
    by_id = catalog.skus_by_id(merchant_id=call.merchant_id, sku_ids=numbers.values())
    by_code = catalog.skus_by_code(merchant_id=call.merchant_id, codes=ids)
    named = {each: by_id[number] for each, number in numbers.items() if number in by_id}
    return {**by_code, **named}


def _products_of(
    call: Call, ids: Sequence[str], within: catalogue.PriceFilter
) -> list[list[tuple[contracts.Variant, list[contracts.Document]]]]:
    """By product the variants that ids found, each with those ids."""
    skus = _skus_of(call, ids)
    named = variants_of(merchant_id=call.merchant_id, shop=call.shop, skus=list(skus.values()))
    variant_by_sku = {each.sku_id: each for each in named}
    found: dict[int, dict[int, tuple[contracts.Variant, list[contracts.Document]]]] = {}
    for each in ids:
        match = "exact" if each in skus else "featured"
        variant = variant_by_sku[skus[each].id] if each in skus else _featured(call, each)
        if variant is not None and variant.is_sellable and within.lets(variant):
            of_style = found.setdefault(variant.style_id, {})
            _, inputs = of_style.setdefault(variant.sku_id, (variant, []))
            inputs.append({"id": each, "match": match})
    return [list(of_style.values()) for of_style in found.values()]


def _featured(call: Call, item_id: str) -> contracts.Variant | None:
    """What stands for a product: a variant that can be had, if there is one."""
    style_id = style_id_of(item_id)
    siblings = _of_style(call, style_id) if style_id is not None else []
    return catalogue.by_availability(siblings)[0] if siblings else None


def _within(call: Call, asked: SearchIn | LookupIn | ProductIn) -> catalogue.PriceFilter:
    """The price range that was asked for; an open one, if its currency is not the shop's."""
    price = asked.filters.price if asked.filters else None
    if price is None or asked.context.currency != call.shop.currency:
        return catalogue.PriceFilter()
    return catalogue.PriceFilter(min_minor=price.min, max_minor=price.max)


def _notes(call: Call, asked: SearchIn | LookupIn | ProductIn) -> list[contracts.Document]:
    """That a price range was let be, because its currency is not known or not the shop's."""
    if asked.filters is None or asked.filters.price is None:
        return []
    if asked.context.currency == call.shop.currency:
        return []
    what = f"Prices are in {call.shop.currency}; the filter was not applied."
    return [{"type": "info", "code": "price_filter_ignored", "content": what}]


def _in_category(category: str, filters: FiltersIn | None) -> bool:
    wanted = filters.categories if filters else []
    return not wanted or category in wanted
