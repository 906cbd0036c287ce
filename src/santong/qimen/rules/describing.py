"""A document of the bus in words, from its shape, with an example that its reader takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from santong.kernel.errors import NoSuch
from santong.kernel.signing import CHINA
from santong.qimen.contracts import DocumentDescription, DocumentField, FieldKind
from santong.qimen.rules.marks import Day, Many, Part, Properties, Scaled, Text, Time, Whole, YesNo
from santong.qimen.rules.methods import METHODS, PREFIX, Method
from santong.qimen.rules.reading import Field, fields_of, text_of
from santong.qimen.rules.xml import Element, branch, leaf, write_xml

AT: Final = datetime(2026, 11, 11, 0, 30, tzinfo=CHINA)
# What everything may hold besides; a page says it once.
_BESIDES: Final = frozenset({"remark", "extendProps"})
_KIND_BY_MARK: Final[Mapping[type, FieldKind]] = {
    Text: "text",
    Whole: "number",
    Scaled: "decimal",
    Time: "time",
    Day: "day",
    YesNo: "yes_no",
    Properties: "properties",
}
_EXAMPLES: Final[Mapping[str, str]] = {
    "area": "浦东新区",
    "barCode": "6901234567892",
    "city": "上海市",
    "detailAddress": "测试大道 1 号",
    "expressCode": "SF1234567890123",
    "itemCode": "SHIRT-01-WHITE-M",
    "itemName": "棉质衬衫",
    "logisticsCode": "SF",
    "mobile": "13800138000",
    "name": "钱小满",
    "ownerCode": "OWNER",
    "province": "上海市",
    "warehouseCode": "WH01",
}
_CHOSEN: Final = ("add", "ZP", "JYCK", "CGRK", "ZC", "ACCEPT")


def described_documents() -> list[DocumentDescription]:
    """Every method of the bus that is carried, by name."""
    return [_described(METHODS[name]) for name in sorted(METHODS)]


def described_document(*, name: str) -> DocumentDescription:
    """One of them. Raises NoSuch."""
    if name not in METHODS:
        raise NoSuch(kind="qimen_method", key=name[:80])
    return _described(METHODS[name])


def _described(method: Method) -> DocumentDescription:
    return DocumentDescription(
        name=method.name,
        method=PREFIX + method.name,
        changes=method.changes,
        fields=_fields(method.shape),
        example=write_xml(element=_example(method.shape, "request")).decode(),
    )


def _fields(shape: type[Part]) -> tuple[DocumentField, ...]:
    return tuple(
        DocumentField(
            name=each.element,
            kind=_kind(each),
            item=each.mark.each if isinstance(each.mark, Many) else "",
            is_required=each.is_needed,
            longest=each.mark.longest if isinstance(each.mark, Text) else None,
            digits=each.mark.digits if isinstance(each.mark, Scaled) else None,
            choices=_choices(each.mark),
            inner=_fields(each.part) if each.part else (),
        )
        for each in fields_of(shape=shape)
        if each.element not in _BESIDES
    )


def _kind(field: Field) -> FieldKind:
    if isinstance(field.mark, Many):
        return "list"
    return "record" if field.part is not None else _KIND_BY_MARK[type(field.mark)]


def _choices(mark: object) -> tuple[str, ...]:
    return tuple(sorted(mark.one_of)) if isinstance(mark, Text) and mark.one_of else ()


def _example(shape: type[Part], name: str) -> Element:
    wanted = [each for each in fields_of(shape=shape) if each.is_needed]
    return branch(name, [_child(each) for each in wanted])


def _child(field: Field) -> Element:
    if isinstance(field.mark, Many):
        each = field.mark.each
        inside = _example(field.part, each) if field.part else leaf(each, "1")
        return branch(field.element, [inside])
    if field.part is not None:
        return _example(field.part, field.element)
    return leaf(field.element, _text(field))


def _text(field: Field) -> str:
    mark: Any = field.mark
    if choices := _choices(mark):
        return next((each for each in _CHOSEN if each in choices), choices[0])
    if isinstance(mark, Text):
        told = _EXAMPLES.get(field.element, f"{field.element[:8].upper()}-1")
        return told[: mark.longest]
    value: object = 1
    if isinstance(mark, Scaled):
        value = 19_900
    elif isinstance(mark, YesNo):
        value = True
    elif isinstance(mark, Time | Day):
        value = AT if isinstance(mark, Time) else date(AT.year, AT.month, AT.day)
    return text_of(mark=mark, value=value)
