"""`./santong new-context NAME`: the skeleton of a context, with every rule green."""

import argparse
import re
from collections.abc import Mapping, Sequence

from santong_launcher.checkout import Checkout
from santong_launcher.problems import Problem
from santong_launcher.steps import say

NAME = re.compile(r"[a-z][a-z]+")
LAYERS = re.compile(r'(id = "downwards".*?\nlayers = \[\n)(.*?)(\n\])', re.DOTALL)
ACROSS = "console"

TEMPLATES: Mapping[str, str] = {
    "README.md": """# {Name}

What this context owns, in two sentences.

## Words

The trade's words that it brings, with their line in the [glossary](../../../docs/glossary.md).

## Invariants

What always holds, and which constraint holds it.

## Lock order

Which rows are locked before which.

## Where to start reading

`public.py`, then the first service.
""",
    "__init__.py": "",
    "apps.py": """from __future__ import annotations

from django.apps import AppConfig


class {Name}Config(AppConfig):
    name = "santong.{name}"
    label = "{name}"
""",
    "public.py": '''"""The door of {name}: what other contexts may use."""

from __future__ import annotations

__all__: list[str] = []
''',
    "contracts.py": '"""What leaves {name}: frozen values."""\n',
    "errors.py": '"""The refusals of {name}."""\n',
    "events.py": '"""The facts of {name}."""\n',
    "models.py": '"""The tables of {name}."""\n',
    "selectors.py": '"""What can be read of {name}: no lock, no write."""\n',
    "rules/__init__.py": "",
    "services/__init__.py": "",
    "migrations/__init__.py": "",
    "tests/__init__.py": "",
    "tests/factories.py": '"""Things of {name} for tests: say what the test is about."""\n',
}


def new_context(*, checkout: Checkout, arguments: Sequence[str]) -> int:
    """Write a context's skeleton, its line among the layers and its app. Raises Problem."""
    options = _options(arguments)
    if not NAME.fullmatch(options.name):
        raise Problem(f"a context is one lower-case English word, not {options.name!r}.")
    folder = checkout.root / "src" / "santong" / options.name
    if folder.exists():
        raise Problem(f"there is a context {options.name!r} already: {folder}")
    project, settings = checkout.root / "pyproject.toml", folder.parent / "config" / "settings.py"
    layered = with_layer(project.read_text(), name=options.name, below=options.below)
    installed = with_app(settings.read_text(), name=options.name, below=options.below)
    for path, template in TEMPLATES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        names = {"{name}": options.name, "{Name}": options.name.capitalize()}
        file.write_text(_filled(template, names))
    project.write_text(layered)
    settings.write_text(installed)
    say(f"src/santong/{options.name} is there, just below {options.below}. Next:")
    say("  - its words in docs/glossary.md, its box in docs/architecture.md")
    say("  - its decisions in rules/, its tables in models.py, its first service")
    return 0


def with_layer(project: str, *, name: str, below: str) -> str:
    """The project's settings with a line for the context, just below another's."""
    match = LAYERS.search(project)
    if not match:
        raise Problem("pyproject.toml does not declare the layers of the contexts.")
    lines = match.group(2).split("\n")
    places = [place for place, line in enumerate(lines) if below in re.findall(r"\w+", line)]
    if not places:
        raise Problem(f"there is no context {below!r} to stand below.")
    lines.insert(places[0] + 1, f'    "{name}",')
    return project[: match.start(2)] + "\n".join(lines) + project[match.end(2) :]


def with_app(settings: str, *, name: str, below: str) -> str:
    """The settings with the context among the installed apps, those of a lower layer first."""
    line = f'    "santong.{below}",\n'
    if settings.count(line) != 1:
        raise Problem(f"the settings do not install santong.{below}.")
    return settings.replace(line, f'    "santong.{name}",\n{line}')


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./santong new-context")
    parser.add_argument("name", help="one word of the trade, as in docs/glossary.md")
    parser.add_argument(
        "--below",
        default=ACROSS,
        help="the context that may call it (default: those who look across contexts)",
    )
    return parser.parse_args(arguments)


def _filled(template: str, names: Mapping[str, str]) -> str:
    for placeholder, name in names.items():
        template = template.replace(placeholder, name)
    return template
