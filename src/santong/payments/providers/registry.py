"""Which providers there are.

A provider is a module of this package, named as its code, with a `PROVIDER`. It is loaded when it
is first asked for: a till that takes cash never loads what speaks for a wallet.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from santong.payments.contracts.providers import Provider

PROVIDERS: Final[tuple[str, ...]] = (
    "simulated",
    "terminal",
    "cash",
    "alipay",
    "wechat_pay",
)


def provider_named(code: str) -> Provider | None:
    """The provider of this code, if there is one."""
    return _loaded(code) if code in PROVIDERS else None


@cache
def _loaded(code: str) -> Provider:
    provider: Provider = import_module(f"santong.payments.providers.{code}").PROVIDER
    return provider
