"""A method in words, from its declaration."""

from __future__ import annotations

from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from santong.topgateway.contracts import Argument, Member, MethodDescription
from santong.topgateway.rules.declaring import Method
from santong.topgateway.rules.envelope import root_of
from santong.topgateway.rules.outline import Outline

_WORD_BY_TYPE: Final[dict[object, str]] = {
    str: "text",
    int: "number",
    bool: "true or false",
    datetime: "time",
}


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
            inner=_inner(field.annotation),
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
