"""Providers are found by their code."""

from __future__ import annotations

from santong.payments.providers.registry import PROVIDERS, provider_named


def test_each_provider_is_named_once() -> None:
    assert len(set(PROVIDERS)) == len(PROVIDERS)


def test_nobody_is_named_by_another_code() -> None:
    assert provider_named("") is None
    assert provider_named("registry") is None
