"""One merchant that has everything, and people who have no business with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.pages.world import World, make_world
from tests.security.rows import Rows

from santong.aftersales import public as aftersales
from santong.agreements import public as agreements
from santong.clocks import public as clocks
from santong.customers import public as customers
from santong.customers.tests.factories import make_person
from santong.gateway import public as gateway
from santong.invoicing.tests.factories import ask, make_seller
from santong.kernel import cells, crypto, tenancy
from santong.kernel.http.pages import LARGEST_ID
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_dealer, make_staff, make_token
from santong.messaging import public as messaging
from santong.openplatform.tests.factories import let_in, make_app
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT
from santong.payments import public as ledger
from santong.payments.tests.money import make_paid, make_refund
from santong.prepaid import public as prepaid
from santong.reconciliation.tests.factories import differences, line, open_account, reconcile
from santong.routing import public as routing
from santong.settlement import public as settlement


@dataclass(frozen=True, slots=True)
class Scene:
    """A world, the ids of its things by the names that addresses give them, and strangers."""

    world: World
    ids: dict[str, str]
    stranger_code: str
    stranger: str
    elsewhere: str
    powerless: str
    rows: Rows


@pytest.fixture(scope="session")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock():
        cells.forget()
        crypto.forget_keys()
        world = make_world()
        other = make_world(name="另一家")
        with tenancy.scope(merchant_id=world.merchant_id):
            make_staff(
                world.merchant_id, login="elsewhere", role="clerk", location_id=world.places[1].id
            )
            powerless = make_token(world.merchant_id, permissions=["console.open"])
            ids = _ids(world)
        rows = Rows(world.merchant_id)
        rows.changed()
        yield Scene(
            world=world,
            ids=ids,
            stranger_code=other.code,
            stranger=other.token,
            elsewhere=world.clerk_token,
            powerless=powerless,
            rows=rows,
        )


def _ids(world: World) -> dict[str, str]:
    merchant_id = world.merchant_id
    dealer = make_dealer(merchant_id, contact="王先生 13800001111")
    person = next(each for each in merchants.staff(merchant_id=merchant_id) if each.login == "head")
    order_id = world.order_ids["offered"]
    found = {
        "order_id": order_id,
        "work_id": world.work_ids["offered"],
        "case_id": world.case_id,
        "remedy_id": world.cases.remedy_id,
        "line_id": world.cases.damaged_id,
        "fact_id": world.fact_id,
        "notice_id": world.notice_id,
        "decision_id": routing.decisions_of(merchant_id=merchant_id, order_id=order_id)[0].id,
        "location_id": world.store.id,
        "sku_id": world.skus[0].id,
        "brand_id": merchants.brands(merchant_id=merchant_id)[0].id,
        "dealer_id": dealer.id,
        "storefront_id": merchants.storefronts(merchant_id=merchant_id)[0].id,
        "staff_id": person.id,
        "grant_id": merchants.grants_of(merchant_id=merchant_id, staff_id=person.id)[0].id,
        "member_id": world.members.member_id,
        "binding_id": world.members.binding_id,
        "accrual_id": world.members.accrual_id,
        "programme_id": world.members.programme_id,
        "request_id": world.members.request_id,
        "match_id": world.match_id,
        "batch_id": world.members.batch_id,
        "supply_id": world.members.supply_id,
        "pool_id": world.members.pool_id,
        "merge_id": world.members.merge_id,
        "txn_id": _txn(merchant_id),
        "token_id": merchants.tokens(merchant_id=merchant_id)[0].id,
        "connection_id": _connection(merchant_id),
        "app_key": let_in(make_app(merchant_id), merchant_id).app.app_key,
        **_money(merchant_id),
        "authorisation_id": _authorisation(merchant_id, world.members.pool_id),
        "invoice_id": _invoice(merchant_id, world.order_ids["offered"]),
        "slot": 1,
        "staged_sale_id": world.staged.sale_id,
        "stage_plan_code": world.staged.plan_code,
        "stage_number": 2,
        "change_version": 2,
        "evidence_id": world.staged.evidence_id,
        **_promised(merchant_id, world),
        **_persons(merchant_id),
        **_card(merchant_id),
        "presale_offer_id": world.presales.offer_id,
        "presale_id": world.presales.presale_id,
        **_shares(merchant_id, sku_code=world.skus[0].code),
        **_statement(merchant_id),
        "webhook_id": world.messages.webhook_id,
        "entry_id": messaging.mail_entries(merchant_id=merchant_id)[0].id,
        "contract_id": world.systems.contract_id,
        "message_id": world.systems.message_id,
    }
    return {name: str(number) for name, number in found.items()}


def _promised(merchant_id: int, world: World) -> dict[str, int | str]:
    """An agreement with a claim, a clock that was told of, a visit of a day's plan."""
    (breach,) = agreements.breaches_page(merchant_id=merchant_id, below_id=LARGEST_ID, limit=1)
    told = clocks.escalations_of(merchant_id=merchant_id, clock_id=world.clocks.clock_id)[0]
    return {
        "agreement_id": world.cards.agreement_id,
        "breach_id": breach.id,
        "code": "furniture",
        "calendar_code": "office",
        "policy_code": "reply",
        "clock_id": world.clocks.clock_id,
        "escalation_id": told.id,
        "region": "CN",
        "carrier_claim_id": aftersales.claims_page(merchant_id=merchant_id)[0].id,
        "visit_id": world.visits.booked_id,
        "plan_id": world.visits.plan_id,
        "photo_id": world.staged.evidence_id,
        "step_id": 1,
    }


def _money(merchant_id: int) -> dict[str, int]:
    """A payment that came in, and a refund of it that is under way."""
    intent = make_paid(merchant_id=merchant_id, document="deposit:1")
    refund = make_refund(merchant_id=merchant_id, document="deposit:1", amount=100)
    return {
        "intent_id": intent.id,
        "refund_id": refund.id,
        "part_id": refund.parts[0].id,
        "payment_account_id": intent.tenders[0].account_id,
    }


def _txn(merchant_id: int) -> int:
    """Points that somebody of the world has earned."""
    now = datetime.now(UTC)
    asset = ledger.open_asset(
        merchant_id=merchant_id, code="points:security", kind="points", now=now
    ).code
    entries = (
        ledger.NewEntry(ledger.AccountKey(asset, "issued", "brand:1"), -100),
        ledger.NewEntry(ledger.AccountKey(asset, "available", "member:1"), 100),
    )
    txn = ledger.NewTxn(key="security", kind="earn", entries=entries, occurred_at=now)
    return ledger.post(merchant_id=merchant_id, source="security", txn=txn, now=now).id


def _connection(merchant_id: int) -> int:
    made, _ = gateway.create_connection(
        merchant_id=merchant_id,
        wanted=gateway.NewConnection(
            code="tmall",
            name="天猫会员通",
            kind="marketplace",
            app_key="12129701",
            storefront_code="tmall",
        ),
        now=datetime.now(UTC),
    )
    return made.id


def _authorisation(merchant_id: int, pool_id: int) -> int:
    """What one brand of the pool lets another do."""
    now = datetime.now(UTC)
    pool = next(each for each in membership.pools(merchant_id=merchant_id) if each.id == pool_id)
    brand = merchants.brands(merchant_id=merchant_id)[0]
    other = merchants.create_brand(merchant_id=merchant_id, code="other", name="别家", now=now)
    return membership.authorise(
        merchant_id=merchant_id,
        pool_code=pool.code,
        by_brand_id=brand.id,
        to_brand_id=other.id,
        may_see=True,
        may_accrue=True,
        may_burn=True,
        earn_rate=1_000,
        burn_rate=900,
        valid_from=now,
        valid_until=None,
        reason="contract",
        now=now,
    ).id


def _card(merchant_id: int) -> dict[str, int | str]:
    """A prepaid card that nobody has paid for yet."""
    now = datetime.now(UTC)
    programme = prepaid.open_programme(
        merchant_id=merchant_id,
        new=prepaid.NewProgramme(
            code="security-cards",
            name="储值卡",
            brand_id=merchants.brands(merchant_id=merchant_id)[0].id,
            kind="prepaid",
            currency="CNY",
            party="head_office",
            issuer_kind="brand",
        ),
        now=now,
    )
    prepaid.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=prepaid.Terms(profile=prepaid.PROFILES["mainland_china"]),
        reason="contract",
        now=now,
    )
    sold = prepaid.sell(
        merchant_id=merchant_id,
        programme_code=programme.code,
        key="security",
        amount_minor=10_000,
        now=now,
    )
    return {
        "card_id": sold.card.id,
        "top_up_id": sold.top_up.id,
        "card_programme_code": programme.code,
    }


def _invoice(merchant_id: int, order_id: int) -> int:
    """An invoice that somebody of the world has asked for."""
    make_seller(merchant_id)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    return ask(merchant_id, order)[0].id


def _statement(merchant_id: int) -> dict[str, int]:
    """A provider's statement with a payment that nobody knows of."""
    account = open_account(merchant_id, code="handed-in")
    file = reconcile(merchant_id, [line("T1", 500)], account=account)
    found = differences(merchant_id)[-1]
    return {"file_id": file.id, "difference_id": found.id}


def _persons(merchant_id: int) -> dict[str, int]:
    """A person whom another one turned out to be, and a third may be."""
    person_id = make_person(merchant_id=merchant_id)
    merge = customers.merge(
        merchant_id=merchant_id,
        first_id=person_id,
        second_id=make_person(merchant_id=merchant_id),
        reason="the same card",
        now=datetime.now(UTC),
    )
    make_person(merchant_id=merchant_id)
    customers.propose_matches(merchant_id=merchant_id, now=datetime.now(UTC))
    match = customers.matches_page(merchant_id=merchant_id)[0]
    return {"person_id": person_id, "merge_id": merge.id, "match_id": match.id}


def _shares(merchant_id: int, *, sku_code: str) -> dict[str, int | str]:
    """An order that was shared by rules, a payout of it, a statement, and a line in dispute."""
    now = datetime.now(UTC)
    due = settlement.Due(days=0)
    rule = settlement.Rule(code="platform", role="platform", rate_bp=100, due=due)
    rules = settlement.publish_rules(
        merchant_id=merchant_id,
        terms=settlement.SharingTerms(rules=(rule,)),
        reason="opening",
        now=now,
    )
    draft = settlement.draft_rules(
        merchant_id=merchant_id,
        base_version=rules.version,
        terms=rules.terms,
        reason="as before",
        now=now,
    )
    order, _ = orders.place_order(
        merchant_id=merchant_id,
        order=orders.NewOrder(
            storefront_code="tmall",
            external_number="shares",
            placed_at=now,
            currency="CNY",
            lines=(orders.NewLine(sku_code=sku_code, quantity=1, unit_price_minor=10_000),),
            recipient=RECIPIENT,
            payment=orders.NewPayment(
                external_id="shares", amount_minor=10_000, currency="CNY", paid_at=now
            ),
        ),
        now=now,
    )
    settlement.freeze_shares(merchant_id=merchant_id, order_id=order.id, now=now)
    sale = settlement.shared_sale(merchant_id=merchant_id, document=f"order:{order.id}")
    document, party_id = sale.document, sale.shares[0].party_id
    settlement.record_receipt(merchant_id=merchant_id, document=document, received_at=now, now=now)
    settlement.release_due(merchant_id=merchant_id, limit=1_000, now=now)
    account = ledger.open_payment_account(
        merchant_id=merchant_id,
        code="payouts",
        provider="simulated",
        method="wechat_pay",
        name="打款账户",
        currency=sale.currency,
        now=now,
    )
    settlement.name_receiver(
        merchant_id=merchant_id,
        party_id=party_id,
        account_code=account.code,
        receiver="platform-1",
        reason="contract",
        now=now,
    )
    run = settlement.draft_payouts(
        merchant_id=merchant_id,
        account_code=account.code,
        currency=sale.currency,
        minimum_minor=1,
        limits=settlement.PayoutLimits(),
        now=now,
    )
    settlement.close_month(merchant_id=merchant_id, month=now.date(), now=now + timedelta(days=40))
    statement = settlement.statements_page(merchant_id=merchant_id, party_ids=[party_id])[0]
    entry = settlement.entries_page(
        merchant_id=merchant_id, party_id=party_id, currency=sale.currency
    )[0]
    claim = settlement.dispute_entry(
        merchant_id=merchant_id,
        statement_id=statement.id,
        entry_id=entry.id,
        reason="too little",
        now=now,
    )
    lines = settlement.payout_lines_page(merchant_id=merchant_id, run_id=run.id)
    return {
        "rule_set_id": rules.id,
        "rule_draft_id": draft.id,
        "party_id": party_id,
        "payout_run_id": run.id,
        "payout_line_id": lines[0].id,
        "statement_id": statement.id,
        "entry_id": entry.id,
        "claim_id": claim.id,
        "document": sale.document,
    }
