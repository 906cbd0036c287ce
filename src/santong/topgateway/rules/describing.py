"""A method in words, from its declaration."""

from __future__ import annotations

from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from santong.topgateway.contracts import Argument, Member, MethodDescription
from santong.topgateway.rules.arguments import GREATEST
from santong.topgateway.rules.declaring import Method
from santong.topgateway.rules.envelope import root_of
from santong.topgateway.rules.outline import Outline

_WORD_BY_TYPE: Final[dict[object, str]] = {
    str: "text",
    int: "number",
    bool: "true or false",
    datetime: "time",
}
# What a bound is called here, and in the marks that declare it.
_BOUNDS: Final = {"least": "ge", "most": "le", "longest": "max_length"}


def described(method: Method) -> MethodDescription:
    """What a method asks, does and answers."""
    return MethodDescription(
        name=method.name,
        pack=method.pack,
        does=method.does,
        permission=method.permission,
        needs_session=method.needs_session,
        about=method.about,
        root=root_of(method.name),
        arguments=_arguments(method.asks),
        answer=_members(method.answers),
    )


def _arguments(asks: type[BaseModel]) -> tuple[Argument, ...]:
    return tuple(
        Argument(
            name=name,
            kind=_kind(field.annotation),
            is_required=field.is_required(),
            about=field.description or "",
            choices=_choices(field.annotation),
            inner=_inner(field.annotation),
            **_limits(field),
        )
        for name, field in asks.model_fields.items()
    )


def _members(outline: Outline) -> tuple[Member, ...]:
    return tuple(
        Member(
            name=part.name,
            kind=part.kind,
            item=part.item,
            is_always_there=part.is_always_there,
            about=part.about,
            inner=_members(part.inner) if part.inner else (),
        )
        for part in outline.parts
    )


def _limits(field: FieldInfo) -> dict[str, int | None]:
    """What bounds a value: its own marks before those of its kind."""
    marks = [*field.metadata, *_marks_within(field.annotation)]
    bounds = {name: _first(marks, word) for name, word in _BOUNDS.items()}
    if _kind(field.annotation) != "text":
        bounds["longest"] = None
    if bounds["most"] == GREATEST:
        bounds["most"] = None
    return bounds


def _marks_within(declared: Any) -> list[Any]:
    """Marks below an optional hint: `Text | None` carries those of `Text`."""
    if get_origin(declared) is Annotated:
        return list(get_args(declared)[1:])
    if get_origin(declared) in {Union, UnionType}:
        return [mark for each in get_args(declared) for mark in _marks_within(each)]
    return []


def _first(marks: list[Any], word: str) -> int | None:
    flat = [each for mark in marks for each in (mark, *getattr(mark, "metadata", ()))]
    found = (getattr(each, word, None) for each in flat)
    return next((each for each in found if each is not None), None)


def _choices(declared: Any) -> tuple[str, ...]:
    plain = _plain(declared)
    return tuple(str(each) for each in get_args(plain)) if get_origin(plain) is Literal else ()


def _kind(declared: Any) -> str:
    plain = _plain(declared)
    if get_origin(plain) is Literal:
        return " or ".join(str(each) for each in get_args(plain))
    if get_origin(plain) is tuple:
        return "JSON list" if _inner(plain) else "words with commas between them"
    return _WORD_BY_TYPE.get(plain, "JSON object")


def _inner(declared: Any) -> tuple[Argument, ...]:
    plain = _plain(declared)
    if get_origin(plain) is tuple:
        plain = _plain(get_args(plain)[0])
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return _arguments(plain)
    return ()


def _plain(declared: Any) -> Any:
    while True:
        origin = get_origin(declared)
        if origin is Annotated:
            declared = get_args(declared)[0]
        elif origin in {Union, UnionType}:
            declared = next(each for each in get_args(declared) if each is not NoneType)
        else:
            return declared
