"""What source files must keep. Each rule returns its violations as sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

_ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb"})
_SKIPS = frozenset(
    {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.skip", "pytest.xfail"}
)
_SHAPE = re.compile(r"\w+(In|Out)")
_EXAMPLE = re.compile(r"^#?\s*([A-Z][A-Z0-9_]+)=")


def files_too_long(
    text_by_name: Mapping[str, str], *, most_lines: int, reason_by_name: Mapping[str, str]
) -> list[str]:
    """A long file asks to be split by verb, or stands in a short list with its reason."""
    long = {
        name: lines
        for name, text in text_by_name.items()
        if (lines := text.count("\n")) > most_lines
    }
    return [
        *(f"{name} has {long[name]} lines" for name in sorted(long.keys() - reason_by_name.keys())),
        *(f"{name} is excused in vain" for name in sorted(reason_by_name.keys() - long.keys())),
    ]


def readers_of_the_environment(
    text_by_name: Mapping[str, str], *, allowed: Collection[str]
) -> list[str]:
    """The environment is read in one place."""
    return [
        f"{name}:{node.lineno} reads the environment"
        for name, text in text_by_name.items()
        if name not in allowed and any(word in text for word in _ENVIRONMENT)
        for node in _expressions_and_statements(text)
        if _reads_the_environment(node)
    ]


def variables_read(text: str) -> set[str]:
    """The names that a settings module asks the environment for: `env.text("NAME")`."""
    return {
        node.args[0].value
        for node in _expressions_and_statements(text)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("env.")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def variables_missing_in_the_example(
    variables: Collection[str], *, example: str, read_before_settings: Collection[str] = ()
) -> list[str]:
    """Every variable that the settings read stands in the example, and none that nobody reads."""
    listed = {match.group(1) for line in example.splitlines() if (match := _EXAMPLE.match(line))}
    unread = listed - set(variables) - set(read_before_settings)
    return [
        *(f"{name} is not in the example" for name in sorted(set(variables) - listed)),
        *(f"{name} is read by nobody" for name in sorted(unread)),
    ]


def tests_without_a_reason_to_skip(text_by_name: Mapping[str, str]) -> list[str]:
    """A skipped test says why, in words that a user would accept."""
    return [
        f"{name}:{node.lineno} skips without a reason"
        for name, text in text_by_name.items()
        if "skip" in text or "xfail" in text
        for node in _expressions_and_statements(text)
        if _is_bare_skip(node)
    ]


def shapes_with_one_name(text_by_name: Mapping[str, str]) -> list[str]:
    """Shapes of the API are known by their class's name: of two, one would be written down."""
    modules_by_shape: dict[str, list[str]] = {}
    for name, text in text_by_name.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and _SHAPE.fullmatch(node.name):
                modules_by_shape.setdefault(node.name, []).append(name)
    return [
        f"{shape} stands in {', '.join(sorted(modules))}"
        for shape, modules in sorted(modules_by_shape.items())
        if len(modules) > 1
    ]


def _expressions_and_statements(text: str) -> Iterator[ast.expr | ast.stmt]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.expr | ast.stmt):
            yield node


def _reads_the_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _ENVIRONMENT and ast.unparse(node.value) == "os"
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(name.name in _ENVIRONMENT for name in node.names)
    return False


def _is_bare_skip(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return any(ast.unparse(mark) in _SKIPS for mark in node.decorator_list)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in _SKIPS:
        named = {keyword.arg for keyword in node.keywords}
        return "reason" not in named and not (ast.unparse(node.func) == "pytest.skip" and node.args)
    return False
