"""A seller with an application that calls, as its address is called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from santong.kernel import names, tenancy
from santong.openplatform import public as openplatform
from santong.openplatform.tests.factories import MadeApp, app_of, let_in, make_app
from santong.topgateway.tests.factories import APP_KEY, NOW, SECRET, Shop


@pytest.fixture
def shop(merchant: int) -> Iterator[Shop]:
    """A seller who lets the published application do everything it can."""
    make_app(merchant, app_key=APP_KEY, secret=SECRET, now=NOW)
    made = MadeApp(app=app_of(APP_KEY, now=NOW), secret=SECRET)
    yield Shop(merchant, let_in(made, merchant, now=NOW).session_key)
    openplatform.flush_calls()
    with tenancy.scope(merchant_id=merchant):
        names.release(kind="app", name=APP_KEY, merchant_id=merchant)
