"""Source files stay short, and only one of them reads the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from santong.kernel.lint import sources

MOST_LINES = 400

# Files that are long for a reason.
LONG_FILES: dict[str, str] = {}

# One module reads it; those that start Django name the settings in it.
READERS_OF_THE_ENVIRONMENT = {
    "src/santong/__main__.py",
    "src/santong/config/env.py",
    "src/santong/config/reference.py",
    "src/santong/config/asgi.py",
    "src/santong/config/wsgi.py",
}


@pytest.fixture
def product(python_by_name: Mapping[str, str]) -> Mapping[str, str]:
    return {
        name: text
        for name, text in python_by_name.items()
        if name.startswith("src/santong/") and "/tests/" not in name
    }


def test_no_file_outgrows_a_head(text_by_name: Mapping[str, str]) -> None:
    written_by_hand = {
        name: text
        for name, text in text_by_name.items()
        if Path(name).suffix in {".css", ".html", ".js", ".py", ".sh", ".ts", ".vue"}
        and "/migrations/" not in name
    }

    found = sources.files_too_long(
        written_by_hand, most_lines=MOST_LINES, reason_by_name=LONG_FILES
    )

    assert found == []


def test_the_environment_is_read_in_one_place(product: Mapping[str, str]) -> None:
    found = sources.readers_of_the_environment(product, allowed=READERS_OF_THE_ENVIRONMENT)

    assert found == []


def test_the_example_names_every_variable(
    product: Mapping[str, str], text_by_name: Mapping[str, str], root: Path
) -> None:
    variables = {
        name
        for module, text in product.items()
        if module.startswith("src/santong/config/")
        for name in sources.variables_read(text)
    }

    launchers = {
        variable
        for name, text in text_by_name.items()
        if name == "santong" or name.startswith("src/santong_launcher/")
        for variable in re.findall(r"SANTONG_[A-Z_]*[A-Z]", text)
    }

    found = sources.variables_missing_in_the_example(
        variables,
        read_before_settings=launchers,
        example=(root / ".env.example").read_text(encoding="utf-8"),
    )

    assert variables
    assert found == []


def test_a_skipped_test_says_why(python_by_name: Mapping[str, str]) -> None:
    found = sources.tests_without_a_reason_to_skip(python_by_name)

    assert found == []


def test_a_long_file_and_a_stale_excuse_are_found() -> None:
    found = sources.files_too_long(
        {"long.py": "\n" * 5, "short.py": "\n"},
        most_lines=4,
        reason_by_name={"short.py": "was long once"},
    )

    assert found == ["long.py has 5 lines", "short.py is excused in vain"]


@pytest.mark.parametrize(
    "source",
    [
        'import os\nport = os.environ["PORT"]',
        'import os\nport = os.getenv("PORT")',
        "from os import environ",
    ],
)
def test_a_reader_of_the_environment_is_found(source: str) -> None:
    found = sources.readers_of_the_environment({"orders/api.py": source}, allowed=())

    assert len(found) == 1


def test_a_variable_without_an_example_and_an_example_without_a_variable_are_found() -> None:
    read = sources.variables_read('PORT = env.number("PORT", 8000)\nURL = env.text("URL")')

    found = sources.variables_missing_in_the_example(
        read,
        example="# Where it listens.\nPORT=8000\n# GONE=1\n#EARLY=1\n",
        read_before_settings={"EARLY"},
    )

    assert found == ["URL is not in the example", "GONE is read by nobody"]


@pytest.mark.parametrize(
    "source",
    ["@pytest.mark.skip()\ndef test(): ...", "@pytest.mark.skip\ndef test(): ...", "pytest.skip()"],
)
def test_a_skip_without_a_reason_is_found(source: str) -> None:
    found = sources.tests_without_a_reason_to_skip({"test_orders.py": source})

    assert len(found) == 1


def test_a_skip_with_a_reason_is_left_alone() -> None:
    source = '@pytest.mark.skipif(old, reason="PostgreSQL 15 has no such clause")\ndef test(): ...'

    found = sources.tests_without_a_reason_to_skip({"test_orders.py": source})

    assert found == []


def test_every_shape_of_the_api_has_a_name_of_its_own(product: Mapping[str, str]) -> None:
    api = {name: text for name, text in product.items() if re.search(r"/api(\.py|/)", name)}

    assert len(api) > 10
    assert sources.shapes_with_one_name(api) == []


def test_two_shapes_of_one_name_are_found() -> None:
    found = sources.shapes_with_one_name(
        {"orders/api.py": "class LineOut: ...", "routing/api.py": "class LineOut: ..."}
    )

    assert found == ["LineOut stands in orders/api.py, routing/api.py"]
