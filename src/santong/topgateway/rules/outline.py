"""The shape of an answer, read once from its declaration.

An answer is a frozen dataclass; each hint says beside its type what the member means. A list says
what its items are called, for the platform's lists are objects with one member, named after the
item: `trades` holds `trade`. Names come from the declaration and from no rule.

    trades: Annotated[tuple[Trade, ...], "The newest first.", Item("trade")]
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args, get_origin, get_type_hints

Kind = Literal["text", "number", "flag", "moment", "record"]

# A client takes an answer with one of these for a failure.
TELL_FAILURE: Final = frozenset({"code", "flag", "sub_code", "msg", "sub_msg", "error_response"})
REQUEST_ID: Final = "request_id"

_KIND_BY_TYPE: Final[Mapping[Any, Kind]] = {
    str: "text",
    int: "number",
    bool: "flag",
    datetime: "moment",
}


class Item(NamedTuple):
    """What an item of a list is called."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One member of an answer. With an `item` name it is a list of what the kind says."""

    name: str
    kind: Kind
    about: str
    item: str
    is_always_there: bool
    inner: Outline | None


@dataclass(frozen=True, slots=True)
class Outline:
    """The members of a record, in their order."""

    made_from: type[Any]
    parts: tuple[Part, ...]


def outline_of(answer: type[Any]) -> Outline:
    """The shape that an answer's class declares."""
    hints = get_type_hints(answer, include_extras=True)
    return Outline(
        answer,
        tuple(_part(field.name, hints[field.name]) for field in dataclasses.fields(answer)),
    )


def check_answer(outline: Outline) -> None:
    """A declaration that clients would take for a failure, or for another answer, is a bug."""
    names = {part.name for part in outline.parts}
    assert not names & TELL_FAILURE, f"{outline.made_from} has {names & TELL_FAILURE}"
    assert REQUEST_ID not in names, f"{outline.made_from} declares what every answer has"


def _part(name: str, hint: Any) -> Part:
    assert get_origin(hint) is Annotated, f"{name} says what it means"
    declared, about, *named = get_args(hint)
    item: str = named[0].name if named else ""
    kind, is_optional = _without_none(declared)
    if get_origin(kind) is tuple:
        kind = get_args(kind)[0]
        assert item, f"{name} is a list and says what its items are called"
    else:
        assert not item, f"{name} is no list"
    inner = None if kind in _KIND_BY_TYPE else outline_of(kind)
    return Part(
        name=name,
        kind="record" if inner else _KIND_BY_TYPE[kind],
        about=about,
        item=item,
        is_always_there=not is_optional,
        inner=inner,
    )


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) is not UnionType:
        return hint, False
    (kind,) = (each for each in get_args(hint) if each is not NoneType)
    return kind, True
