"""The methods written down: for documents, and for whoever shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from santong.kernel.errors import NoSuch
from santong.topgateway.contracts import Argument, Example, Member, MethodDescription, Refusal
from santong.topgateway.errors import MESSAGE_BY_CODE
from santong.topgateway.methods.registry import METHOD_BY_NAME
from santong.topgateway.rules import examples
from santong.topgateway.rules.describing import described

# The instant of every example, in answers and in calls.
EXAMPLE_AT: Final = examples.AT
_NOTHING: Final[Mapping[str, str]] = {}


def described_methods() -> list[MethodDescription]:
    """Every method that the router carries out, by name."""
    return [described(method) for method in METHOD_BY_NAME.values()]


def example_of(*, method: str, named: Mapping[str, str] = _NOTHING) -> Example:
    """A call of a method and its answers; `named` are values by argument. Raises NoSuch."""
    if method not in METHOD_BY_NAME:
        raise NoSuch(kind="top_method", key=method[:80])
    return examples.example_of(METHOD_BY_NAME[method], named)


def refusals() -> list[Refusal]:
    """Every number that the router refuses with."""
    return [Refusal(code=code, message=message) for code, message in MESSAGE_BY_CODE.items()]


def reference_page() -> str:
    """The methods of the router as one page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Methods of the router\n"
    yield (
        "Generated from their declarations. Called at `/router/rest`; what every call has beside"
        " these arguments, and how it is signed, stands in"
        " [point a TOP client at us](../howto/point-a-top-client-at-us.md).\n"
    )
    methods = described_methods()
    yield "| method | pack | does | permission |"
    yield "|---|---|---|---|"
    for method in methods:
        anchor = method.name.replace(".", "")
        permission = f"`{method.permission}`" if method.permission else "none"
        yield f"| [`{method.name}`](#{anchor}) | {method.pack} | {method.does} | {permission} |"
    for method in methods:
        yield from _method(method)
    yield "\n## Refusals\n"
    yield "Always HTTP 200 and an `error_response`; `sub_msg` begins with the argument's name.\n"
    yield "| code | msg |"
    yield "|---|---|"
    yield from (f"| {code} | {message} |" for code, message in MESSAGE_BY_CODE.items())


def _method(method: MethodDescription) -> Iterator[str]:
    yield f"\n## {method.name}\n"
    session = "Needs a session." if method.needs_session else "Needs no session."
    yield f"{method.about} {session}\n"
    arguments = list(_arguments(method.arguments, 0))
    if arguments:
        yield "| argument | kind | needed | |"
        yield "|---|---|---|---|"
        yield from arguments
        yield ""
    yield f"Answers `{method.root}`:\n"
    yield "| member | kind | |"
    yield "|---|---|---|"
    yield from _members(method.answer, 0)


def _arguments(arguments: tuple[Argument, ...], depth: int) -> Iterator[str]:
    for each in arguments:
        needed = "yes" if each.is_required else ""
        yield f"| {_indent(depth)}`{each.name}` | {each.kind} | {needed} | {each.about} |"
        yield from _arguments(each.inner, depth + 1)


def _members(members: tuple[Member, ...], depth: int) -> Iterator[str]:
    for each in members:
        kind = f"list of `{each.item}` ({each.kind})" if each.item else each.kind
        kind += "" if each.is_always_there else ", not always"
        yield f"| {_indent(depth)}`{each.name}` | {kind} | {each.about} |"
        yield from _members(each.inner, depth + 1)


def _indent(depth: int) -> str:
    return "· " * depth
