"""Pages about a merchant's money: in Chinese on a phone, in English on a desk, for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.axe import AXE, bring_along, unfold, unseen_focus, violations
from tests.pages.conftest import NewVisit
from tests.pages.site import LOOPBACK
from tests.pages.test_pages import CODED, data_of, han_of
from tests.pages.walk import own_words
from tests.pages.world import World

# By the name of its address: where it is, and what stands on it in Chinese and in English.
MONEY_PAGES: dict[str, tuple[str, str, str]] = {
    "payments": (
        "/console/payments/",
        "应收多少，实收多少",
        "What was to be paid, and what came in.",
    ),
    "payment": (
        "/console/payments/{world.money.paid.id}/",
        "重复通知，未重复入账",
        "told again, changed nothing twice",
    ),
    "payment_refund": (
        "/console/payments/{world.money.paid.id}/refund/?amount=100",
        "将要执行",
        "What will be done",
    ),
    "money_exceptions": ("/console/payments/exceptions/", "由渠道退还的款项", "Disputes"),
    "payment_accounts": ("/console/payments/accounts/", "账面余额", "There, by our books"),
    "payment_account": (
        "/console/payments/accounts/{world.money.account_id}/",
        "停用账户",
        "Close it",
    ),
    "payment_account_new": (
        "/console/payments/accounts/new/?provider=wechat_pay",
        "微信支付公钥",
        "The platform's public key",
    ),
    "reconciliation": (
        "/console/reconciliation/?month={world.money.month}",
        "账户与日期",
        "Accounts and days",
    ),
    "provider_file": (
        "/console/reconciliation/files/{world.money.file_id}/",
        "服务商重复",
        "Missing in the books",
    ),
    "differences": ("/console/reconciliation/differences/", "金额不符", "Amount differs"),
    "difference": (
        "/console/reconciliation/differences/{world.money.difference_id}/",
        "双方都有记录，但金额不同",
        "Both have it, with different amounts.",
    ),
    "months": (
        "/console/reconciliation/months/?month={world.money.month}",
        "月结障碍",
        "What stands in the way",
    ),
}
DRAWN = {"reconciliation"}


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", "phone"), ("en", "desktop")], ids=["phone", "desk"]
)
def test_pages_about_money(
    visit: NewVisit, world: World, screenshots: Path, language: str, size: str
) -> None:
    seen = visit(language=language, size=size)
    known = sorted(data_of(world), key=len, reverse=True)
    wrong: list[str] = []
    if AXE.exists():
        bring_along(seen.page)
    for name, (path, chinese, english) in MONEY_PAGES.items():
        status = seen.go(path.format(world=world))
        if name in DRAWN:
            seen.page.wait_for_selector("[data-drawn=yes]")
        seen.page.screenshot(path=screenshots / f"{name}-{size}-{language}.png", full_page=True)
        unfold(seen.page, within="main")
        if status != 200:
            wrong.append(f"{name}: status {status}")
        if (chinese if language == "zh-hans" else english) not in seen.text():
            wrong.append(f"{name}: {english!r} is missing")
        if seen.sideways() > 0:
            wrong.append(f"{name}: {seen.sideways()} pixels too wide")
        wrong += [f"{name}: {word} is not translated" for word in CODED.findall(own_words(seen))]
        if language == "en":
            wrong += [f"{name}: {left}" for left in han_of(seen.text(), known=known)]
        if AXE.exists():
            wrong += [f"{name}: {each}" for each in violations(seen.page)]
            wrong += [f"{name}: {each}" for each in unseen_focus(seen.page)]

    assert wrong == []
    assert seen.hosts <= LOOPBACK
    assert seen.complaints == []
