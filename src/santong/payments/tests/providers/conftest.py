"""Providers listen on this machine, and nothing goes further."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from santong.payments.tests.providers.alipay_side import AlipaySide, alipay_listening
from santong.payments.tests.providers.wechat_pay_side import WechatPaySide, wechat_pay_listening


@pytest.fixture(autouse=True)
def _on_this_machine_only(settings: Settings) -> None:
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def alipay_side() -> Iterator[AlipaySide]:
    with alipay_listening() as side:
        yield side


@pytest.fixture
def wechat_pay_side() -> Iterator[WechatPaySide]:
    with wechat_pay_listening() as side:
        yield side
