"""Documents as values: an element becomes its shape, a shape its element, by one description.

A field without a default is needed. An element that no field names is passed over, for every system
adds its own; one that says the same thing twice is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import UnionType
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from santong.kernel.signing import CHINA
from santong.qimen.rules.marks import (
    LONGEST_REMARK,
    Day,
    Many,
    Named,
    Part,
    Properties,
    Scaled,
    Text,
    Time,
    Whole,
    YesNo,
)
from santong.qimen.rules.xml import Element, Unreadable, branch, is_name, leaf

MOST_PROPERTIES: Final = 60
LONGEST_NUMBER: Final = 24

_WHOLE: Final = re.compile(r"[+-]?\d{1,19}(?:\.0{1,6})?", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,16}(?:\.\d{1,12})?", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YES_NO: Final = {"Y": True, "N": False, "true": True, "false": False, "1": True, "0": False}

P = TypeVar("P", bound=Part)

_known: dict[type[Part], Sequence[Field]] = {}


@dataclass(frozen=True, slots=True)
class Field:
    """How one field of a shape is read and written."""

    name: str
    element: str
    mark: object
    part: type[Part] | None
    is_needed: bool


def read(*, shape: type[P], element: Element, path: str) -> P:
    """A shape out of an element. Raises Unreadable, which names the element that is wrong."""
    by_name: dict[str, Element] = {}
    known = {each.element for each in _fields(shape)}
    for child in element.children:
        if child.name in by_name and child.name in known:
            raise Unreadable(path=f"{path}/{child.name}", reason="twice")
        by_name.setdefault(child.name, child)
    values: dict[str, Any] = {}
    for each in _fields(shape):
        found = by_name.get(each.element)
        is_there = found is not None and bool(found.text or found.children)
        if found is not None and is_there:
            values[each.name] = _value(each, found, f"{path}/{each.element}")
        elif each.is_needed:
            raise Unreadable(path=f"{path}/{each.element}", reason="missing")
    return shape(**values)


def write(*, part: Part, name: str) -> Element:
    """An element out of a shape; what is empty is left out."""
    children: list[Element] = []
    for each in _fields(type(part)):
        value = getattr(part, each.name)
        if value is not None and value not in ("", ()):
            children.append(_element(each, value))
    return branch(name, children)


def fields_of(*, shape: type[Part]) -> Sequence[Field]:
    """How each field of a shape is written, in their order."""
    return _fields(shape)


def elements_of(*, shape: type[Part]) -> tuple[str, ...]:
    """What the elements of a shape are called."""
    return tuple(each.element for each in _fields(shape))


def _value(field: Field, element: Element, path: str) -> object:
    mark = field.mark
    if isinstance(mark, Many):
        return _many(field, mark, element, path)
    if field.part is not None:
        return read(shape=field.part, element=element, path=path)
    if isinstance(mark, Properties):
        return _properties(element, path)
    if element.children:
        raise Unreadable(path=path, reason="a text is expected")
    return _of_text(mark, element.text, path)


def _many(field: Field, mark: Many, element: Element, path: str) -> tuple[object, ...]:
    found: list[object] = []
    for place, child in enumerate(
        (each for each in element.children if each.name == mark.each), start=1
    ):
        at = f"{path}/{mark.each}[{place}]"
        if field.part is not None:
            found.append(read(shape=field.part, element=child, path=at))
        else:
            found.append(_of_text(Text(), child.text, at))
    return tuple(found)


def _properties(element: Element, path: str) -> tuple[tuple[str, str], ...]:
    if len(element.children) > MOST_PROPERTIES:
        raise Unreadable(path=path, reason="too many")
    return tuple(
        (child.name, child.text[:LONGEST_REMARK])
        for child in element.children
        if child.text and is_name(text=child.name)
    )


def _of_text(mark: object, text: str, path: str) -> object:
    if isinstance(mark, Text):
        return _text(mark, text, path)
    if isinstance(mark, Whole):
        return _whole(mark, text, path)
    if isinstance(mark, Scaled):
        return _scaled(mark, text, path)
    if isinstance(mark, YesNo):
        if text not in _YES_NO:
            raise Unreadable(path=path, reason="Y or N")
        return _YES_NO[text]
    return _date(mark, text, path)


def _text(mark: Text, text: str, path: str) -> str:
    if len(text) > mark.longest:
        raise Unreadable(path=path, reason=f"at most {mark.longest} characters")
    if mark.one_of is not None and text not in mark.one_of:
        raise Unreadable(path=path, reason=f"one of {', '.join(sorted(mark.one_of))}")
    return text


def _whole(mark: Whole, text: str, path: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable(path=path, reason="a whole number")
    return _within(mark, int(text.partition(".")[0]), path)


def _scaled(mark: Scaled, text: str, path: str) -> int:
    if len(text) > LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
        raise Unreadable(path=path, reason="a decimal number")
    try:
        scaled = Decimal(text).scaleb(mark.digits)
    except InvalidOperation:
        raise Unreadable(path=path, reason="a decimal number") from None
    rounded = scaled.to_integral_value(rounding=ROUND_HALF_UP)
    if mark.exact and rounded != scaled:
        raise Unreadable(path=path, reason=f"at most {mark.digits} digits behind the point")
    return _within(mark, int(rounded), path)


def _within(mark: Whole | Scaled, number: int, path: str) -> int:
    if not mark.least <= number <= mark.most:
        raise Unreadable(path=path, reason="out of range")
    return number


def _date(mark: object, text: str, path: str) -> date | datetime:
    pattern = _TIME if isinstance(mark, Time) else _DAY
    reason = "YYYY-MM-DD HH:MM:SS" if isinstance(mark, Time) else "YYYY-MM-DD"
    if not pattern.fullmatch(text):
        raise Unreadable(path=path, reason=reason)
    try:
        if isinstance(mark, Time):
            return datetime.fromisoformat(text).replace(tzinfo=CHINA)
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(path=path, reason=reason) from None


def _element(field: Field, value: Any) -> Element:
    mark = field.mark
    if isinstance(mark, Many):
        return branch(field.element, [_one(mark.each, each) for each in value])
    if isinstance(mark, Properties):
        return branch(field.element, [leaf(name, text) for name, text in value])
    if isinstance(value, Part):
        return write(part=value, name=field.element)
    return leaf(field.element, text_of(mark=mark, value=value))


def _one(name: str, value: object) -> Element:
    return write(part=value, name=name) if isinstance(value, Part) else leaf(name, str(value))


def text_of(*, mark: object, value: Any) -> str:
    """A value as a document says it."""
    if isinstance(mark, Scaled):
        sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(mark.digits + 1, "0")
        return f"{sign}{digits[: -mark.digits]}.{digits[-mark.digits :]}"
    if isinstance(mark, YesNo):
        return "Y" if value else "N"
    if isinstance(mark, Time):
        return cast("datetime", value).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(mark, Day):
        return cast("date", value).isoformat()
    return str(value)


def _fields(shape: type[Part]) -> Sequence[Field]:
    if shape not in _known:
        hints = get_type_hints(shape, include_extras=True)
        _known[shape] = [
            _field(each.name, hints[each.name], is_needed=each.default is MISSING)
            for each in fields(shape)
        ]
    return _known[shape]


def _field(name: str, hint: Any, *, is_needed: bool) -> Field:
    marks = [*getattr(hint, "__metadata__", ())]
    bare = get_args(hint)[0] if marks else hint
    if get_origin(bare) in (Union, UnionType):
        inner = next(each for each in get_args(bare) if each is not type(None))
        marks += [*getattr(inner, "__metadata__", ())]
        bare = get_args(inner)[0] if hasattr(inner, "__metadata__") else inner
    if get_origin(bare) is tuple:
        bare = get_args(bare)[0]
    part = bare if isinstance(bare, type) and issubclass(bare, Part) else None
    mark = next((each for each in marks if not isinstance(each, Named)), None)
    named = next((each.name for each in marks if isinstance(each, Named)), None)
    element = named or (mark.box if isinstance(mark, Many) else camel(text=name))
    assert mark is not None or part is not None, f"{name} has no mark"
    return Field(name, element, mark, part, is_needed)


def camel(*, text: str) -> str:
    """`order_line_no` as documents spell it: `orderLineNo`."""
    first, *rest = text.split("_")
    return first + "".join(word.capitalize() for word in rest)
