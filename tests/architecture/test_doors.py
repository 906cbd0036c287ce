"""Every context's door shows contracts, ids and plain values, and promises what it does."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.utils.module_loading import module_has_submodule
from ninja import Router

from santong.kernel.lint import doors
from santong.kernel.models import DataKey, MerchantQuerySet


@dataclass(frozen=True)
class Parcel:
    grams: int


@dataclass(frozen=True)
class Leak:
    keys: tuple[DataKey, ...]


Kind = Literal["shirt", "shoe"]
Parcels = Mapping[str, tuple[Parcel, ...]]
Rows = Mapping[str, tuple[DataKey, ...]]


class Lender:
    def keys(self) -> list[DataKey]:
        """Rows, by way of a method."""
        return []


def well_made(*, merchant_id: int, codes: list[str]) -> dict[str, Parcel]:
    """The parcels of these codes."""
    return {code: Parcel(grams=merchant_id) for code in codes}


def leaking(*, merchant_id: int) -> Mapping[int, DataKey | None]:
    """Rows, handed to a stranger."""
    return {merchant_id: None}


def lending(*, rows: MerchantQuerySet[DataKey]) -> None:
    """Takes a stranger's rows."""


def nesting(*, merchant_id: int) -> list[Leak]:
    """Rows inside a contract."""
    return [Leak(keys=())] * merchant_id


def routing(*, router: Router, request: HttpRequest) -> None:
    """Hangs endpoints under another context's router."""


def unnamed(merchant_id: int, codes: list[str]) -> int:
    """Values without names."""
    return merchant_id + len(codes)


def silent(*, merchant_id: int) -> int:
    return merchant_id


def open_doors() -> list[types.ModuleType]:
    return [
        import_module(f"{config.name}.public")
        for config in apps.get_app_configs()
        if config.name.startswith("santong.") and module_has_submodule(config.module, "public")
    ]


def door(**things: object) -> types.ModuleType:
    module = types.ModuleType("planted.public")
    vars(module).update(things, __all__=sorted(things))
    return module


RULES = [
    doors.doors_without_contents,
    doors.models_that_left_home,
    doors.functions_with_unnamed_arguments,
    doors.functions_that_forget_the_merchant,
    doors.functions_without_a_promise,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_door_keeps(rule: doors.Rule) -> None:
    found = [complaint for opened in open_doors() for complaint in rule(opened)]

    assert found == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_well_made_door_is_left_alone_by(rule: doors.Rule) -> None:
    found = rule(
        door(
            well_made=well_made,
            routing=routing,
            Parcel=Parcel,
            Kind=Kind,
            Parcels=Parcels,
            LIMIT=12,
        )
    )

    assert found == []


def test_models_that_leave_home_are_found_wherever_they_hide() -> None:
    found = doors.models_that_left_home(
        door(
            leaking=leaking,
            lending=lending,
            nesting=nesting,
            DataKey=DataKey,
            Leak=Leak,
            Lender=Lender,
        )
    )

    assert found == [
        "planted.public.DataKey lets DataKey out",
        "planted.public.Leak lets DataKey out",
        "planted.public.Lender lets DataKey out",
        "planted.public.leaking lets DataKey out",
        "planted.public.lending lets MerchantQuerySet out",
        "planted.public.nesting lets DataKey out",
    ]


def test_an_instance_or_an_alias_at_the_door_is_found() -> None:
    found = doors.models_that_left_home(door(first=models.CharField(), Rows=Rows))

    assert found == [
        "planted.public.Rows lets DataKey out",
        "planted.public.first lets CharField out",
    ]


def test_unnamed_arguments_are_found() -> None:
    found = doors.functions_with_unnamed_arguments(door(unnamed=unnamed))

    assert found == [
        "planted.public.unnamed takes `merchant_id` without its name",
        "planted.public.unnamed takes `codes` without its name",
    ]


def test_a_selector_that_does_not_take_the_merchant_first_is_found() -> None:
    def open_orders_of(*, codes: list[str]) -> int:
        """Orders of everybody."""
        return len(codes)

    open_orders_of.__module__ = "santong.orders.selectors"

    found = doors.functions_that_forget_the_merchant(door(open_orders_of=open_orders_of))

    assert found == ["planted.public.open_orders_of does not take merchant_id first"]


def test_a_function_without_a_promise_is_found() -> None:
    found = doors.functions_without_a_promise(door(silent=silent))

    assert found == ["planted.public.silent promises nothing"]


def test_a_door_without_a_table_of_contents_is_found() -> None:
    found = doors.doors_without_contents(types.ModuleType("planted.public"))

    assert found == ["planted.public has no __all__"]
