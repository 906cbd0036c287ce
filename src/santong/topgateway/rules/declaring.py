"""What a method of the router is, in one declaration.

A method is a name, the pack that holds it, what it needs, the class of its arguments, the class of
its answer, and the function that calls a context's door. Documents, the portal's explorer and the
conformance tests are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.rules.arguments import Asked
from santong.topgateway.rules.outline import Outline, check_answer, outline_of

Does = Literal["reads", "writes"]
MISSING: Final = "missing"
LONGEST_WHY: Final = 160

_NOBODYS: Final = frozenset({int, bool, datetime, NoneType})


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method, as it was declared."""

    name: str
    pack: str
    does: Does
    permission: str
    needs_session: bool
    about: str
    asks: type[Asked]
    answers: Outline
    carry_out: Callable[[Call, Any], object]

    @cached_property
    def names_nobody(self) -> frozenset[str]:
        """Arguments that the log may show: numbers, times and choices, never free text."""
        return frozenset(
            name
            for name, field in self.asks.model_fields.items()
            if not _may_name_somebody(field.annotation)
        )

    def read(self, arguments: Mapping[str, object]) -> Asked:
        """The arguments with their types. Raises Refused, naming the first that is wrong."""
        try:
            return self.asks.model_validate(arguments)
        except ValidationError as wrong:
            raise _refusal_of(wrong) from None


def method(
    name: str,
    *,
    pack: str,
    does: Does,
    permission: str = "",
    needs_session: bool = True,
) -> Callable[[Callable[[Call, Any], object]], Method]:
    """Declare a method by the function that carries it out: its hints are the two classes.

    What writes without a session is the application's own affair, and may come twice: nobody's
    scope is open, and no first answer is kept.
    """

    def declare(carry_out: Callable[[Call, Any], object]) -> Method:
        hints = get_type_hints(carry_out)
        answers = outline_of(hints["return"])
        check_answer(answers)
        assert carry_out.__doc__, f"{name} says what it does"
        (asks,) = (hint for place, hint in hints.items() if place not in {"call", "return"})
        return Method(
            name=name,
            pack=pack,
            does=does,
            permission=permission,
            needs_session=needs_session,
            about=" ".join(carry_out.__doc__.split()),
            asks=asks,
            answers=answers,
            carry_out=carry_out,
        )

    return declare


def _may_name_somebody(declared: Any) -> bool:
    origin = get_origin(declared)
    if origin is Annotated:
        return _may_name_somebody(get_args(declared)[0])
    if origin in {Union, UnionType}:
        return any(_may_name_somebody(each) for each in get_args(declared))
    return declared not in _NOBODYS and origin is not Literal


def _refusal_of(wrong: ValidationError) -> Refused:
    """What is missing is told before what is wrong, and the first of either."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    for each in found:
        if each["type"] == MISSING:
            return Refused(
                errors.MISSING_ARGUMENTS, "isv.missing-parameter", f"{_place(each['loc'])}: missing"
            )
    first = found[0]
    why = f"{_place(first['loc'])}: {first['msg']}"[:LONGEST_WHY]
    return Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)


def _place(where: tuple[int | str, ...]) -> str:
    """`sub_order_list[0].store_id`."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return said.removeprefix(".")
