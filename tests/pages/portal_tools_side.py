"""The portal's tools for developers, as the head office of the pages' merchant sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from santong.kernel import tenancy
from santong.openplatform import public as openplatform
from santong.openplatform.tests.factories import make_app

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "portal_docs": ("/developers/docs/", "查询一笔交易及其明细", "Read one trade with its lines"),
    "portal_method": (
        "/developers/docs/methods/taobao.omniorder.store.consigned/",
        "运单号",
        "The carrier's number of the parcel.",
    ),
    "portal_guide": ("/developers/docs/signing/", "计算示例", "Worked examples"),
    "portal_guide_mcp": ("/developers/docs/mcp/", "Streamable HTTP", "Streamable HTTP"),
    "portal_qimen_document": (
        "/developers/docs/qimen/deliveryorder.create/",
        "必填",
        "Elements that are not named here",
    ),
    "portal_topic": ("/developers/docs/topics/santong.order.paid.v1/", "示例", "Example"),
    "portal_explorer": (
        "/developers/explorer/?method=taobao.omniorder.store.accpeted",
        "签名并显示",
        "Sign and show",
    ),
    "portal_signature": ("/developers/signature/", "粘贴一个以 25 被拒绝的请求", "Paste a request"),
    "portal_calls": ("/developers/calls/", "isv.invalid-parameter", "isv.invalid-parameter"),
    "portal_call": (
        "/developers/calls/{world.tools.call_id}/",
        "请求（已遮盖）",
        "Request, masked",
    ),
}
# Addresses of one page that is looked at in several states.
STATES = {name for name in PAGES if name.startswith("portal_guide_")}
# What forms are sent to.
COMMANDS = {
    "portal_explorer_call",
    "portal_explorer_session",
    "portal_signature_check",
    "portal_calls_export",
}
# Examples in documents are of a Chinese shop.
NAMES = {
    "三通旗舰店",
    "人民广场店",
    "测试大道",
    "上海市",
    "浦东新区",
    "棉质衬衫",
    "顺丰速运",
    "钱小满",
    "衬衫",
    "买**",
    "门店助手",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsSide:
    """What tests know of it."""

    app_key: str
    call_id: int


def make_tools_side(*, merchant_id: int, now: datetime) -> ToolsSide:
    """An app on trial, whose calls go well, but for some. Call it outside any scope."""
    made = make_app(merchant_id, state="live", name="门店助手", now=now)
    lately = datetime.now(UTC) - timedelta(minutes=40)
    for number in range(33):
        failed = number % 8 == 7
        openplatform.log_call(
            record=openplatform.CallRecord(
                app_key=made.app_key,
                owner_id=merchant_id,
                seller_id=merchant_id,
                method="taobao.trade.fullinfo.get" if number % 3 else "taobao.item.sku.get",
                at=lately + timedelta(minutes=number),
                milliseconds=12 + number * 3,
                code="41" if failed else "",
                sub_code="isv.invalid-parameter" if failed else "",
                address="203.0.113.7",
                request_id=f"request-{number:04d}",
                request={"tid": "2000001234567890", "fields": "tid"},
                shown=frozenset({"tid"}),
            )
        )
    openplatform.flush_calls()
    with tenancy.scope(merchant_id=merchant_id):
        wanted = openplatform.CallsWanted(
            app_key=made.app_key,
            since=lately - timedelta(days=1),
            until=lately + timedelta(days=1),
            outcome="failed",
        )
        (call, *_) = openplatform.calls_page(merchant_id=merchant_id, wanted=wanted)
    return ToolsSide(app_key=made.app_key, call_id=call.id)
