"""Every document of the bus is a value and back, to the fen and to the second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from santong.kernel.signing import CHINA
from santong.kernel.tests.vectors import cases_of
from santong.qimen.rules.marks import (
    Day,
    Many,
    Part,
    Properties,
    Scaled,
    Text,
    Time,
    Whole,
    YesNo,
)
from santong.qimen.rules.methods import METHODS, Method, bare_name
from santong.qimen.rules.reading import Field, _fields, elements_of, read, text_of, write
from santong.qimen.rules.shapes.common import Insurance, Party
from santong.qimen.rules.shapes.stock import StockChange
from santong.qimen.rules.xml import Element, Unreadable, read_xml, write_xml

_words = st.text("abcXYZ019 -_.中文<&>\"'", min_size=1, max_size=20).map(str.strip).filter(bool)
_moments = st.integers(0, 32_000_000_000).map(lambda second: datetime.fromtimestamp(second, CHINA))


def _parts(shape: type[Part]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {each.name: _values(each) for each in _fields(shape) if each.is_needed},
        optional={each.name: _values(each) for each in _fields(shape) if not each.is_needed},
    ).map(lambda values: shape(**values))


def _values(field: Field) -> st.SearchStrategy[Any]:
    if isinstance(field.mark, Many):
        inner = _parts(field.part) if field.part else _words
        return st.lists(inner, min_size=1, max_size=2).map(tuple)
    if field.part is not None:
        return _parts(field.part)
    return _plain(field.mark)


def _plain(mark: object) -> st.SearchStrategy[Any]:
    if isinstance(mark, Text):
        return st.sampled_from(sorted(mark.one_of)) if mark.one_of else _words
    if isinstance(mark, Whole | Scaled):
        return st.integers(mark.least, mark.most)
    if isinstance(mark, YesNo):
        return st.booleans()
    if isinstance(mark, Time):
        return _moments
    if isinstance(mark, Day):
        return st.dates(date(1970, 1, 1), date(2999, 12, 31))
    assert isinstance(mark, Properties)
    return st.lists(st.tuples(st.sampled_from(["key1", "k.2"]), _words), max_size=2).map(tuple)


@settings(max_examples=80)
@given(data=st.data())
def test_a_document_is_written_and_read_again(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(list(METHODS.values())))
    document = data.draw(_parts(method.shape))

    element = write(part=document, name="request")
    found = read_xml(body=write_xml(element=element), root="request")
    again = read(shape=method.shape, element=found, path="/request")

    assert write(part=again, name="request") == element


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_says_how_it_is_written(method: Method) -> None:
    names = elements_of(shape=method.shape)

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", cases_of("http_requests"), ids=lambda case: case["id"])
def test_what_published_clients_sent_is_read_and_kept(case: dict[str, Any]) -> None:
    method = METHODS.get(bare_name(method=case.get("expect", {}).get("method") or ""))
    body = case.get("body", "") if method else "<request/>"
    shape = method.shape if method else Part

    element = read_xml(body=body.encode(), root="request")
    document = read(shape=shape, element=element, path="/request")

    kept = sorted(_leaves(write(part=document, name="request"), ""))
    assert [leaf for leaf in kept if leaf not in GOOD_GOODS] == sorted(_leaves(element, ""))


# What is not said of goods is that they are good.
GOOD_GOODS = {("/request/orderLines/orderLine/inventoryType", "ZP")}


def _leaves(element: Element, path: str) -> Iterator[tuple[str, str]]:
    at = f"{path}/{element.name}"
    for child in element.children:
        yield from _leaves(child, at)
    if element.text:
        yield at, element.text


class Wrong(NamedTuple):
    name: str
    item: str
    at: str
    reason: str


_ITEM = (
    "<ownerCode>O</ownerCode><warehouseCode>W</warehouseCode><orderCode>D</orderCode>"
    "<outBizCode>1</outBizCode><itemCode>SKU</itemCode><quantity>-2</quantity>"
)
WRONG = [
    Wrong("a needed element is missing", "<itemCode/>", "/itemCode", "missing"),
    Wrong("half a unit", "<quantity>1.5</quantity>", "/quantity", "a whole number"),
    Wrong("an exponent", "<quantity>1e3</quantity>", "/quantity", "a whole number"),
    Wrong("too many units", "<quantity>1000000001</quantity>", "/quantity", "out of range"),
    Wrong(
        "no such quality", "<inventoryType>ZZ</inventoryType>", "/inventoryType", "one of CC, JS"
    ),
    Wrong(
        "no such day",
        "<changeTime>2026-02-30 00:00:00</changeTime>",
        "/changeTime",
        "YYYY-MM-DD HH",
    ),
    Wrong("said twice", "<quantity>1</quantity><quantity>1</quantity>", "/quantity", "twice"),
    Wrong("a text that is a list", "<itemCode><a/></itemCode>", "/itemCode", "a text"),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_names_the_element_that_is_wrong(case: Wrong) -> None:
    tag = case.item.partition(">")[0].strip("<>/")
    head, _, rest = _ITEM.partition(f"<{tag}>")
    item = head + case.item + rest.partition(f"</{tag}>")[2] if rest else _ITEM + case.item
    body = f"<request><items><item>{_ITEM}</item><item>{item}</item></items></request>".encode()

    with pytest.raises(Unreadable) as refused:
        read(shape=StockChange, element=read_xml(body=body, root="request"), path="/request")

    assert refused.value.path == f"/request/items/item[2]{case.at}"
    assert case.reason in refused.value.reason


@pytest.mark.parametrize(
    ("text", "fen"),
    [("199.00", 19_900), ("0.1", 10), ("5", 500), ("0.070000", 7), ("9007199254.41", 900719925441)],
)
def test_money_is_read_to_the_fen(text: str, fen: int) -> None:
    assert _money(text) == fen


@pytest.mark.parametrize("text", ["0.001", "-1", "1e2", "1,00", "NaN", "\uff11", "9" * 30, "Inf"])
def test_money_that_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        _money(text)


@given(fen=st.integers(0, 10**12))
def test_no_fen_is_lost_on_the_way(fen: int) -> None:
    assert _money(text_of(mark=Scaled(2, exact=True), value=fen)) == fen


def _money(text: str) -> int | None:
    body = f"<insurance><amount>{text}</amount></insurance>".encode()
    return read(shape=Insurance, element=read_xml(body=body, root="insurance"), path="/").amount


def test_a_document_never_says_in_a_log_who_somebody_is() -> None:
    somebody = Party(
        name="收货人",
        mobile="13800000002",
        province="浙江省",
        city="杭州市",
        detail_address="文一西路",
    )

    assert repr(somebody) == "Party(…)"
