"""The shares of the pages' merchant: a dealer's sale, a payout that failed, a month in dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from santong.catalog import public as catalog
from santong.kernel import tenancy
from santong.kernel.actors import Actor
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT
from santong.payments import public as payments
from santong.payments.tests.factories import end_transfer
from santong.settlement import public as settlement
from santong.stores import public as stores

DEALER = "华东经销"
FRANCHISE = "苏州加盟店"
ACCOUNT = "商家打款账户"
CLOSED_ACCOUNT = "收款账户已注销"
TOO_LITTLE = "提成应为一成"
# Why a dealer disputes a line.
A_CENT_SHORT = "差一分"
NAMES = {DEALER, FRANCHISE, ACCOUNT, CLOSED_ACCOUNT, TOO_LITTLE, A_CENT_SHORT}
GUIDE = "clerk"
OTHER = Actor(kind="staff", id="999998", name="出纳")

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "shares": ("/console/shares/", "退货期满后到期", "Why so much"),
    "shares_of_order": (
        "/console/shares/orders/{world.shares.order_id}/",
        "吊牌价 ¥1,899.00 的 60 %",
        "60 % of the list price ¥1,899.00",
    ),
    "share_rules": ("/console/share-rules/", "生效中", "in force"),
    "share_rule_set": (
        "/console/share-rules/{world.shares.rule_set_id}/?order=2026-shared",
        "每件不高于 ¥100.00",
        "at most ¥100.00 a piece",
    ),
    "rule_draft": (
        "/console/share-rules/drafts/{world.shares.rule_draft_id}/",
        "生效后付款的订单按此分账",
        "What is paid from then on is shared by this",
    ),
    "rule_draft_new": ("/console/share-rules/drafts/new/", "添加规则", "Add a rule"),
    "rule_draft_edit": (
        "/console/share-rules/drafts/{world.shares.own_draft_id}/edit/",
        "删除规则 1",
        "Remove rule 1",
    ),
    "parties": ("/console/parties/", "未设收款方", "no receiver"),
    "party": ("/console/parties/{world.shares.dealer_id}/", "可打款", "can be paid out"),
    "payouts": ("/console/payouts/", "待审批", "waits for approval"),
    "payout_run": (
        "/console/payouts/{world.shares.run_id}/",
        "该账户未设收款方",
        "no receiver is named at this account",
    ),
    "statements": ("/console/statements/", "待答复的异议", "Disputed lines that wait"),
    "statement": (
        "/console/statements/{world.shares.statement_id}/",
        "提成应为一成",
        "The line is right",
    ),
}
# What forms are sent to, and a file.
COMMANDS = {
    "rule_draft_new_again",
    "rule_draft_new_save",
    "rule_draft_edit_again",
    "rule_draft_edit_save",
    "rule_draft_publish",
    "rule_draft_decline",
    "rule_draft_withdraw",
    "party_receiver",
    "payouts_begin",
    "payout_approve",
    "payout_cancel",
    "payout_retry",
    "statements_close",
    "statement_file",
    "statement_confirm",
    "statement_dispute",
    "claim_accept",
    "claim_refuse",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesSide:
    """What tests know of it."""

    order_id: int
    rule_set_id: int
    rule_draft_id: int
    own_draft_id: int
    dealer_id: int
    clerk_id: int
    run_id: int
    draft_id: int
    statement_id: int


def make_shares_side(
    *,
    merchant_id: int,
    places: Sequence[stores.Location],
    skus: Sequence[catalog.Sku],
    now: datetime,
) -> SharesSide:
    """Last month's sale at a dealer's store, shared, paid out in part, closed and disputed."""
    then = now.replace(day=1) - timedelta(days=20)
    dealer = merchants.create_dealer(
        merchant_id=merchant_id, code="east", name=DEALER, contact="", now=then
    )
    make_staff(merchant_id, login="dealer", role="dealer", dealer_id=dealer.id)
    franchise = _franchise(merchant_id, dealer.id, then)
    rules = _rules(merchant_id, then)
    order = _sale(merchant_id, franchise, places[0], skus, then)
    rule_draft_id, own_draft_id = _rule_drafts(merchant_id, rules, now)
    parties = settlement.parties_page(merchant_id=merchant_id)
    party_id_by_code = {each.code: each.id for each in parties}
    run_id, draft_id = _payouts(merchant_id, party_id_by_code, then + timedelta(days=3))
    settlement.close_month(merchant_id=merchant_id, month=then.date(), now=now + timedelta(days=2))
    clerk_id = party_id_by_code[f"clerk:{GUIDE}"]
    statement_id = _dispute(merchant_id, clerk_id, now)
    return SharesSide(
        order_id=order.id,
        rule_set_id=rules.id,
        rule_draft_id=rule_draft_id,
        own_draft_id=own_draft_id,
        dealer_id=party_id_by_code[f"dealer:{dealer.code}"],
        clerk_id=clerk_id,
        run_id=run_id,
        draft_id=draft_id,
        statement_id=statement_id,
    )


def _franchise(merchant_id: int, dealer_id: int, now: datetime) -> stores.Location:
    return stores.open_location(
        merchant_id=merchant_id,
        code="F001",
        name=FRANCHISE,
        kind="store",
        dealer_id=dealer_id,
        latitude=31.3,
        longitude=120.6,
        province="江苏省",
        city="苏州市",
        district="姑苏区",
        address="观前街 1 号",
        now=now,
    )


def _rules(merchant_id: int, now: datetime) -> settlement.RuleSet:
    """A guide's commission, a platform's fee, half of the discount, and a transfer price."""
    at_once = settlement.Due(days=0)
    _first_rules(merchant_id, now - timedelta(days=60))
    return settlement.publish_rules(
        merchant_id=merchant_id,
        terms=settlement.SharingTerms(
            rules=(
                settlement.Rule(
                    code="guide", role="clerk", rate_bp=500, max_minor=10_000, due=at_once
                ),
                settlement.Rule(code="fee", role="platform", rate_bp=60, due=at_once),
                settlement.Rule(
                    code="half-of-discount",
                    role="dealer",
                    base="discount",
                    rate_bp=5_000,
                    bearer="head_office",
                    due=at_once,
                    when=settlement.When(seller_of="dealer"),
                ),
            ),
            owners=(
                settlement.OwnerTerms(
                    goods_of="head_office", kind="transfer_price", base="list", rate_bp=6_000
                ),
            ),
            rest_due=at_once,
        ),
        reason="2026 Q4",
        now=now,
    )


def _first_rules(merchant_id: int, now: datetime) -> None:
    """What held before: drafted by one person, published by another."""
    guide = settlement.Rule(code="guide", role="clerk", rate_bp=300)
    with tenancy.acting_as(OTHER):
        draft = settlement.draft_rules(
            merchant_id=merchant_id,
            base_version=0,
            terms=settlement.SharingTerms(rules=(guide,)),
            reason="2026 Q3",
            now=now,
        )
    settlement.publish_rule_draft(merchant_id=merchant_id, draft_id=draft.id, revision=1, now=now)


def _rule_drafts(merchant_id: int, rules: settlement.RuleSet, now: datetime) -> tuple[int, int]:
    """A draft that waits for head office, and one of head office's own."""
    guide, _fee, half = rules.terms.rules
    store = settlement.Rule(
        code="store", role="seller", rate_bp=200, when=settlement.When(seller_of="dealer")
    )
    asked = {
        "merchant_id": merchant_id,
        "base_version": rules.version,
        "terms": replace(rules.terms, rules=(replace(guide, rate_bp=800), half, store)),
        "reason": "2027 Q1",
        "now": now,
    }
    with tenancy.acting_as(OTHER):
        theirs = settlement.draft_rules(**asked)  # type: ignore[arg-type]
    head = next(each for each in merchants.staff(merchant_id=merchant_id) if each.login == "head")
    with tenancy.acting_as(Actor(kind="staff", id=str(head.id), name=head.name)):
        own = settlement.draft_rules(**asked)  # type: ignore[arg-type]
    return theirs.id, own.id


def _sale(
    merchant_id: int,
    franchise: stores.Location,
    filler: stores.Location,
    skus: Sequence[catalog.Sku],
    now: datetime,
) -> orders.Order:
    """Sold at the dealer's store, sent from one of the merchant's own, a part given back."""
    sold, cheap = skus[0], skus[-1]
    total = sold.list_price_minor + cheap.list_price_minor - 20_000
    order, _ = orders.place_order(
        merchant_id=merchant_id,
        order=orders.NewOrder(
            storefront_code="mini",
            external_number="2026-shared",
            placed_at=now,
            currency="CNY",
            lines=tuple(
                orders.NewLine(sku_code=sku.code, quantity=1, unit_price_minor=sku.list_price_minor)
                for sku in (sold, cheap)
            ),
            recipient=RECIPIENT,
            discount_minor=20_000,
            seller_location_code=franchise.code,
            guide_code=GUIDE,
            payment=orders.NewPayment(
                external_id="2026-shared", amount_minor=total, currency="CNY", paid_at=now
            ),
        ),
        now=now,
    )
    settlement.freeze_shares(merchant_id=merchant_id, order_id=order.id, now=now)
    settlement.assign_filler(
        merchant_id=merchant_id,
        order_id=order.id,
        location_id=filler.id,
        quantity_by_line={order.lines[0].id: 1},
        key="parcel:1",
        now=now,
    )
    document, later = f"order:{order.id}", now + timedelta(days=2)
    settlement.record_receipt(
        merchant_id=merchant_id, document=document, received_at=later, now=later
    )
    settlement.reverse_shares(
        merchant_id=merchant_id,
        document=document,
        key="refund:1",
        kind="refund",
        amount_minor=5_000,
        reason="refund 5000",
        now=later,
    )
    settlement.release_due(merchant_id=merchant_id, limit=1_000, now=later)
    return order


def _payouts(merchant_id: int, party_id_by_code: dict[str, int], now: datetime) -> tuple[int, int]:
    """One payout that reached the clerk and not the dealer, and a draft that tries again."""
    account = payments.open_payment_account(
        merchant_id=merchant_id,
        code="merchant-payouts",
        provider="simulated",
        method="wechat_pay",
        name=ACCOUNT,
        currency="CNY",
        now=now,
    )
    for code in (f"clerk:{GUIDE}", "dealer:east"):
        settlement.name_receiver(
            merchant_id=merchant_id,
            party_id=party_id_by_code[code],
            account_code=account.code,
            receiver=f"openid-{code}",
            reason="contract",
            now=now,
        )
    run = _draft(merchant_id, account.code, now)
    settlement.approve_payouts(merchant_id=merchant_id, run_id=run.id, now=now)
    settlement.send_payouts(merchant_id=merchant_id, limit=100, now=now + timedelta(minutes=1))
    for line in settlement.payout_lines_page(merchant_id=merchant_id, run_id=run.id, state="sent"):
        assert line.transfer_id is not None
        is_clerk = line.party_code.startswith("clerk:")
        ended = {
            "merchant_id": merchant_id,
            "transfer_id": line.transfer_id,
            "why": "" if is_clerk else CLOSED_ACCOUNT,
            "now": now + timedelta(minutes=2),
        }
        end_transfer(state="done" if is_clerk else "failed", **ended)  # type: ignore[arg-type]
        settlement.end_payout(state="done" if is_clerk else "failed", **ended)  # type: ignore[arg-type]
    return run.id, _draft(merchant_id, account.code, now + timedelta(hours=1)).id


def _draft(merchant_id: int, account_code: str, now: datetime) -> settlement.PayoutRun:
    with tenancy.acting_as(OTHER):
        return settlement.draft_payouts(
            merchant_id=merchant_id,
            account_code=account_code,
            currency="CNY",
            minimum_minor=100,
            limits=settlement.PayoutLimits(most_minor=5_000_000, most_a_day_minor=50_000_000),
            now=now,
        )


def _dispute(merchant_id: int, party_id: int, now: datetime) -> int:
    statement = settlement.statements_page(merchant_id=merchant_id, party_ids=[party_id])[0]
    entries = settlement.entries_page(
        merchant_id=merchant_id, party_id=party_id, currency=statement.currency
    )
    settlement.dispute_entry(
        merchant_id=merchant_id,
        statement_id=statement.id,
        entry_id=entries[-1].id,
        reason=TOO_LITTLE,
        now=now,
    )
    return statement.id
