"""What is written down leads somewhere, and speaks of the product alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

from santong.kernel.lint import documents, layers, tables
from santong_launcher.commands import COMMANDS

# Contexts that hold no business of their own.
WITHOUT_A_PAGE = {"config"}


@pytest.fixture
def pages(text_by_name: Mapping[str, str], root: Path) -> list[Path]:
    return [root / name for name in text_by_name if name.endswith(".md")]


@pytest.fixture
def guides(text_by_name: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text for name, text in text_by_name.items() if name.endswith(".md")}


def test_every_link_leads_somewhere(pages: list[Path], root: Path) -> None:
    found = documents.broken_links(pages, root=root)

    assert found == []


def test_no_file_names_a_package_registry(text_by_name: Mapping[str, str]) -> None:
    found = documents.registry_addresses(text_by_name)

    assert found == []


def test_no_file_knows_a_machine(text_by_name: Mapping[str, str]) -> None:
    found = documents.machine_paths(text_by_name)

    assert found == []


def test_every_context_has_its_page(root: Path) -> None:
    contexts = layers.height_by_context(root / "pyproject.toml").keys() - WITHOUT_A_PAGE
    stateful = {
        label: [table.__name__ for table in tables.stateful(config.get_models())]
        for label, config in apps.app_configs.items()
        if config.name.startswith("santong.")
    }

    found = documents.contexts_without_a_page(
        {context: root / "src/santong" / context for context in sorted(contexts)},
        stateful_by_context=stateful,
    )

    assert found == []


def test_what_a_reader_is_told_to_type_can_be_typed(guides: Mapping[str, str]) -> None:
    found = documents.commands_that_do_not_exist(
        guides, ours={command.name for command in COMMANDS}, djangos=get_commands().keys()
    )

    assert found == []


def test_settings_that_documents_speak_of_are_read(
    guides: Mapping[str, str], python_by_name: Mapping[str, str]
) -> None:
    read = {
        variable
        for name, text in python_by_name.items()
        if name.startswith(("src/santong/config/", "src/santong_launcher/"))
        for variable in re.findall(r"SANTONG_[A-Z_]*[A-Z]", text)
    }

    found = documents.variables_that_do_not_exist(guides, known=read)

    assert found == []


def test_a_command_and_a_setting_that_do_not_exist_are_found() -> None:
    guide = {"run.md": "Type `./santong fly` or `./santong manage wish`, set SANTONG_WINGS."}

    commands = documents.commands_that_do_not_exist(guide, ours={"manage"}, djangos={"migrate"})
    variables = documents.variables_that_do_not_exist(guide, known={"SANTONG_VAR"})

    assert commands == ["run.md says ./santong fly", "run.md says ./santong manage wish"]
    assert variables == ["run.md speaks of SANTONG_WINGS"]


@pytest.mark.parametrize(
    "link",
    [
        "[gone](gone.md)",
        "[gone](../outside.md)",
        "[no such heading](#nowhere)",
        "[no such heading](other.md#nowhere)",
        "![no picture](images/today.png)",
        "[by reference][gone]\n\n[gone]: gone.md",
        '<img src="images/today.png">',
    ],
)
def test_a_broken_link_is_found(link: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Here\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{link}\n")

    found = documents.broken_links([page], root=tmp_path)

    assert len(found) == 1


@pytest.mark.parametrize(
    "link",
    [
        "[other](other.md)",
        "[a heading](other.md#one-more-time)",
        "[this page](#page)",
        "[elsewhere](https://example.org/gone)",
        "`[code](gone.md)`",
        "```\n[code](gone.md)\n```",
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(link: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Here\n\n## One more, time\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{link}\n")

    found = documents.broken_links([page], root=tmp_path)

    assert found == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("pip.conf", "index-url = https" + "://mirror.example/simple"),
        (".npmrc", "registry=https" + "://mirror.example/"),
        ("install.sh", "pip install --index-url http" + "://mirror.example/simple django"),
        ("README.md", "see https" + "://py" + "pi.org/project/django"),
        ("requirements.lock", "# from https" + "://mirror.example"),
        ("web/pnpm-lock.yaml", "tarball: https" + "://mirror.example/vue.tgz"),
    ],
)
def test_a_package_registry_is_found(name: str, line: str) -> None:
    found = documents.registry_addresses({name: f"first\n{line}\n"})

    assert found == [f"{name}:2 names a package registry"]


@pytest.mark.parametrize("path", ["/ro" + "ot/santong", "/ho" + "me/wang", "/Us" + "ers/wang"])
def test_a_machine_path_is_found(path: str) -> None:
    found = documents.machine_paths({"notes.md": f"run it in `{path}`\n"})

    assert found == [f"notes.md:1 knows {path}"]


@pytest.mark.parametrize("text", ["/api/v1/orders", "src/home/page", "var/root/x", "/homework/x"])
def test_an_ordinary_path_is_left_alone(text: str) -> None:
    found = documents.machine_paths({"notes.md": text})

    assert found == []


def test_a_context_without_a_page_or_a_diagram_is_found(tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "README.md").write_text("# Orders\n")

    found = documents.contexts_without_a_page(
        {"orders": tmp_path / "orders", "routing": tmp_path / "routing"},
        stateful_by_context={"orders": ["Order"]},
    )

    assert found == [
        "orders has states (Order) and no mermaid state diagram in its README.md",
        "routing has no README.md",
    ]
