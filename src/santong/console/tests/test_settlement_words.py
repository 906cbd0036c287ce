"""Every word that a page of settlement, invoices or cards can ask for is in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import pytest

from santong.console.tests.test_words import words_of
from santong.console.views.cards import STEPS
from santong.invoicing import public as invoicing
from santong.prepaid import public as prepaid
from santong.settlement import public as settlement

KINDS: dict[str, Iterable[str]] = {
    "share": settlement.SHARE_STATES,
    "party_kind": settlement.PARTY_KINDS,
    "share_role": [*settlement.ROLES, "rest", "bearer"],
    "share_base": settlement.BASES,
    "share_rule": ["commission", "transfer_price", "rest"],
    "share_reversal": settlement.REVERSAL_KINDS,
    "share_entry": settlement.ENTRY_KINDS,
    "share_account": ["pending", "payable", "shared"],
    "share_booking": [
        f"share_{kind}" for kind in ("shared", "assigned", "cancelled", "reversed", "restored")
    ],
    "payout_run": settlement.RUN_STATES,
    "payout_way": settlement.PAYOUT_WAYS,
    "payout": settlement.PAYOUT_STATES,
    "party_statement": settlement.STATEMENT_STATES,
    "claim": settlement.CLAIM_STATES,
    "invoice": invoicing.STATES,
    "invoice_kind": invoicing.KINDS,
    "invoice_form": invoicing.FORMS,
    "invoice_title": invoicing.TITLE_KINDS,
    "hindrance": get_args(invoicing.HindranceKind),
    "card": prepaid.CARD_STATES,
    "card_kind": prepaid.PROGRAMME_KINDS,
    "card_issuer": prepaid.ISSUER_KINDS,
    "card_spends": prepaid.SPENDS,
    "card_profile": prepaid.PROFILES,
    "card_step": STEPS,
    "top_up": prepaid.TOP_UP_STATES,
}


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_no_word_of_settlement_is_missing(language: str) -> None:
    wanted = {f"{kind}.{value}" for kind, values in KINDS.items() for value in values}

    assert wanted - words_of(language) == set()
