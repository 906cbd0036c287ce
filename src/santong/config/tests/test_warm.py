"""A process has read what its first views need before it serves."""

from __future__ import annotations

import pytest
from django.template import engines

from santong.config.warm import HOME, warm
from santong.stores import public as stores


def test_the_first_view_finds_its_page_compiled_and_its_places_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warm()
    monkeypatch.setattr("mmap.mmap", None)  # the gazetteer cannot be opened any more

    (loader,) = engines["django"].engine.template_loaders  # type: ignore[attr-defined]
    compiled = set(loader.get_template_cache)
    assert {"console/order.html", "console/route.html", "console/base.html"} <= compiled
    assert stores.place_of(country=HOME, province="云南省", city="大理市") is not None
