"""What others build on is what is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import ClassVar

import pytest
from django.core.management import CommandError, call_command

from santong.config import reference
from santong.kernel import facts
from santong.kernel.errors import Conflict
from santong.kernel.lint import messages


def test_the_committed_reference_is_what_the_code_says() -> None:
    found = reference.differences(reference.FOLDER, reference.documents())

    assert found == [], "run ./santong manage write_reference, and read the change"


def test_every_event_says_what_has_happened() -> None:
    assert messages.silent_messages(reference.event_schemas()) == []


def test_every_endpoint_says_what_it_does() -> None:
    assert messages.silent_operations(reference.openapi()) == []


def test_every_refusal_has_a_code_of_its_own() -> None:
    refusals = reference.refusals()

    assert messages.codes_of_strangers(refusals) == []
    assert messages.codes_shared(refusals) == []


def test_messages_that_say_nothing_are_found() -> None:
    operations = {"/orders": {"get": {"description": ""}, "post": {"description": "Places it."}}}

    assert messages.silent_messages({"orders.order_placed.v1": {"title": "OrderPlaced"}}) == [
        "orders.order_placed.v1 says nothing"
    ]
    assert messages.silent_operations({"paths": operations}) == ["GET /orders says nothing"]


def test_codes_that_mislead_are_found() -> None:
    class OneThing(Conflict):
        code = "orders.taken"

    class AnotherThing(Conflict):
        code = "orders.taken"

    OneThing.__module__ = "planted.orders.errors"
    AnotherThing.__module__ = "planted.routing.errors"

    assert messages.codes_shared([OneThing, AnotherThing]) == ["orders.taken means 2 things"]
    assert len(messages.codes_of_strangers([OneThing, AnotherThing])) == 1


def test_a_reference_that_differs_is_found(tmp_path: Path) -> None:
    reference.write(tmp_path, {"errors.md": "# Refusals\n", "events/gone.v1.json": "{}\n"})

    found = reference.differences(tmp_path, {"errors.md": "# Others\n", "openapi.json": "{}\n"})

    assert found == [
        "openapi.json is missing",
        "events/gone.v1.json is of the past",
        "errors.md says something else",
    ]


def test_the_check_fails_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)

    with pytest.raises(CommandError, match=r"openapi\.json is missing"):
        call_command("write_reference", "--check")

    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_what_the_check_then_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)

    call_command("write_reference", stdout=StringIO())

    call_command("write_reference", "--check", stdout=StringIO())
    assert json.loads((tmp_path / "openapi.json").read_text())["openapi"].startswith("3.1")


def test_a_changed_fact_changes_its_schema() -> None:
    @dataclass(frozen=True, kw_only=True, slots=True)
    class Moved:
        """A parcel moved."""

        parcel_id: int

    @dataclass(frozen=True, kw_only=True, slots=True)
    class MovedFurther:
        """A parcel moved."""

        parcel_id: int
        to_location_id: int

    before, after = (
        reference.event_schema(facts.FactType("planted.moved.v1", "parcel_id", cls))
        for cls in (Moved, MovedFurther)
    )

    assert before["properties"].keys() == {"parcel_id"}
    assert after["properties"].keys() == {"parcel_id", "to_location_id"}


def test_a_refusal_is_a_row_with_its_fields() -> None:
    @dataclass
    class ShelfEmpty(Conflict):
        """Nothing is left | on the shelf."""

        code: ClassVar[str] = "planted.shelf_empty"
        shelf_id: int

    page = reference.errors_page([ShelfEmpty])

    assert "## planted" in page
    assert (
        "| `planted.shelf_empty` | 409 | `shelf_id` | Nothing is left \\| on the shelf. |" in page
    )
