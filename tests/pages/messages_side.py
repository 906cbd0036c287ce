"""Messages out of the pages' merchant: webhooks that fare differently, an app, an alarm by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import tenancy
from santong.messaging import public as messaging
from santong.messaging.tests.factories import make_tried

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "messages": ("/console/messages/", "通过消息通道接收的应用", "Apps that hear by the message"),
    "webhook": (
        "/console/messages/webhooks/{world.messages.webhook_id}/",
        "未能送达的消息",
        "What it could not take",
    ),
}
# What forms are sent to.
COMMANDS = {
    "webhook_create",
    "webhook_change",
    "webhook_pause",
    "webhook_resume",
    "webhook_rotate",
    "webhook_test",
    "webhook_replay",
    "alarm_mail",
    "alarm_mail_end",
}
NAMES = {"仓库系统", "三通旗舰店"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesSide:
    """What tests know of it."""

    webhook_id: int


def make_messages_side(*, merchant_id: int, now: datetime) -> MessagesSide:
    """A webhook that took some and not others, one that was paused, an app, a mail address."""
    began = now - timedelta(hours=2)
    with tenancy.scope(merchant_id=merchant_id):
        webhook_id, _ = messaging.create_webhook(
            merchant_id=merchant_id,
            wanted=messaging.NewEndpoint(
                name="ERP",
                url="https://erp.example/hooks/santong",
                topics=("santong.order.paid.v1", "santong.stock.counted.v1"),
            ),
            now=began,
        )
        other_id, _ = messaging.create_webhook(
            merchant_id=merchant_id,
            wanted=messaging.NewEndpoint(
                name="仓库系统",
                url="https://wms.example/hook",
                topics=("santong.fulfilment.offered.v1",),
            ),
            now=began,
        )
        messaging.pause_webhook(
            merchant_id=merchant_id, webhook_id=other_id, reason="moves", now=now
        )
        messaging.permit(
            merchant_id=merchant_id,
            app_key="12129701",
            topics=("taobao_trade_TradeCreate", "taobao_trade_TradeBuyerPay"),
            user_id=merchant_id,
            user_nick="三通旗舰店",
            now=began,
        )
        messaging.want_mails(merchant_id=merchant_id, address="ops@qinghe.example", now=began)
    make_tried(merchant_id, webhook_id, now=began)
    return MessagesSide(webhook_id=webhook_id)
