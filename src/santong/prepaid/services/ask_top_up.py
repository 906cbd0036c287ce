"""Ask for money for a locked card: what the rules say of it, and the row."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db.models import Sum

from santong.kernel import crypto
from santong.kernel.errors import Busy, FieldInvalid
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import PrepaidKeyTaken, PurchaseRefused
from santong.prepaid.models import Card, TopUp
from santong.prepaid.rules.fields import content_hash
from santong.prepaid.rules.profiles import refusals
from santong.prepaid.rules.terms import offer_named, valid_days
from santong.prepaid.selectors.cards import accounts_of
from santong.prepaid.selectors.sealing import identity_place
from santong.prepaid.services.insert import insert


def top_up_named(*, merchant_id: int, key: str, request_hash: str) -> TopUp | None:
    """The top-up that this key stands for already. Raises PrepaidKeyTaken."""
    row = (
        TopUp.objects.of_merchant(merchant_id)
        .select_related("card__programme")
        .filter(key=key)
        .first()
    )
    if row is not None and row.request_hash != request_hash:
        raise PrepaidKeyTaken(key=key)
    return row


def hash_of(
    *,
    amount_minor: int,
    offer_code: str,
    buyer: contracts.Buyer,
    card_id: int = 0,
    programme_code: str = "",
    person_id: int | None = None,
) -> str:
    """What makes two commands with one key the same one; a document that was shown is not."""
    return content_hash(
        amount_minor=amount_minor,
        offer=offer_code,
        buyer=buyer.kind,
        is_cash=buyer.is_cash,
        card_id=card_id,
        programme=programme_code,
        person_id=person_id,
    )


def principal_to_come(*, merchant_id: int, card: Card, without: int = 0) -> int:
    """What a locked card has of principal, and what was asked for it and may still come in."""
    principal, _ = accounts_of(card.programme, card_id=card.id)
    stand = payments.balances(merchant_id=merchant_id, accounts=[principal])[principal]
    asked = (
        TopUp.objects.of_merchant(merchant_id)
        .filter(card=card.id, state="asked")
        .exclude(id=without)
        .aggregate(total=Sum("amount_minor"))["total"]
    )
    return stand.posted + int(asked or 0)


def ask_top_up(
    *,
    merchant_id: int,
    card: Card,
    published: contracts.PublishedTerms,
    key: str,
    request_hash: str,
    amount_minor: int,
    offer_code: str,
    buyer: contracts.Buyer,
    now: datetime,
) -> TopUp:
    """Write down what is asked. Raises PurchaseRefused (every rule), NoSuchOffer, FieldInvalid."""
    terms = published.terms
    if not terms.least_minor <= amount_minor <= terms.most_minor:
        raise FieldInvalid(
            pointer="/amount_minor", reason=f"from {terms.least_minor} to {terms.most_minor}"
        )
    offer = offer_named(terms, code=offer_code, amount_minor=amount_minor)
    before = principal_to_come(merchant_id=merchant_id, card=card)
    is_registered = card.person_id is not None
    found = refusals(
        purchase=contracts.Purchase(
            amount_minor=max(amount_minor, buyer.in_one_go_minor),
            principal_after_minor=(before + amount_minor,),
            is_registered=is_registered,
            is_company=buyer.kind == "company",
            is_cash=buyer.is_cash,
            is_identified=bool(buyer.identity),
            valid_days=valid_days(terms, is_registered=is_registered),
        ),
        profile=terms.profile,
    )
    if found:
        raise PurchaseRefused(
            profile=terms.profile.code, refusals=[asdict(refusal) for refusal in found]
        )
    row = TopUp(
        merchant_id=merchant_id,
        key=key,
        request_hash=request_hash,
        card=card,
        terms_id=published.id,
        state="asked",
        amount_minor=amount_minor,
        bonus_minor=offer.bonus_minor if offer else 0,
        bonus_days=offer.bonus_days if offer else 0,
        offer_code=offer_code,
        most_minor=most_of(terms.profile, is_registered=is_registered),
        buyer_kind=buyer.kind,
        is_cash=buyer.is_cash,
        identity_kind=buyer.identity_kind,
        identity_sealed=_sealed(merchant_id, key, buyer.identity),
        asked_at=now,
    )
    insert(row, taken=Busy(), constraints=("a_top_up_is_asked_once",))
    return row


def most_of(profile: contracts.Profile, *, is_registered: bool) -> int | None:
    """How much principal a card may have."""
    return profile.registered_most_minor if is_registered else profile.bearer_most_minor


def _sealed(merchant_id: int, key: str, identity: str) -> bytes:
    if not identity:
        return b""
    return crypto.encrypt(
        merchant_id=merchant_id, plain=identity.encode(), place=identity_place(key=key)
    )
