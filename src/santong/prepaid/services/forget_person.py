"""Whose cards these were is forgotten; what is on them is not lost."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.customers import public as customers
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.prepaid.models import Card, Gift, PayCode
from santong.prepaid.rules.terms import good_until
from santong.prepaid.selectors.cards import accounts_of
from santong.prepaid.selectors.programmes import newest_terms
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card

REASON = "the person was erased"
# Why such a card is frozen: it has to be registered anew.
FORGOTTEN = "its holder was forgotten, and it has more on it than a bearer card may have"


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Make a person's cards bearer cards: whoever has number and secret has what is on them.

    They are good for as long as a bearer card that is sold today. One with more on it than a
    bearer card may have is frozen, and can be used once somebody has registered it anew. The
    offers that the person made are taken back.

    Emits CardStateChanged. Locks the cards, by id.
    """
    ids = person.person_ids
    cards = Card.objects.of_merchant(merchant_id)
    theirs = cards.filter(Q(person_id__in=ids) | Q(current_person_id__in=ids))
    for card_id in theirs.order_by("id").values_list("id", flat=True):
        _forget(lock_card(merchant_id=merchant_id, card_id=card_id), now)
    gifts = Gift.objects.of_merchant(merchant_id)
    gifts.filter(giver_person_id__in=ids, state="offered").update(state="withdrawn", ended_at=now)


def _forget(card: Card, now: datetime) -> None:
    PayCode.objects.of_merchant(card.merchant_id).filter(card=card.id).delete()
    programme = card.programme.as_contract()
    published = newest_terms(merchant_id=card.merchant_id, programme_id=programme.id)
    assert published is not None, "a card was sold under terms"
    terms = published.terms
    card.person_id, card.current_person_id = None, None
    card.valid_until = good_until(terms, is_registered=False, now=now)
    card.save(update_fields=["person_id", "current_person_id", "valid_until"])
    audit.record(
        audit.Change(
            action="prepaid.forget_person",
            subject="prepaid_card",
            subject_id=card.id,
            reason=REASON,
            after={"is_registered": False},
        ),
        now=now,
    )
    principal, _ = accounts_of(programme, card_id=card.id)
    stand = payments.balances(merchant_id=card.merchant_id, accounts=[principal])[principal]
    most = terms.profile.bearer_most_minor
    if card.state == "active" and most is not None and stand.posted > most:
        change_state(card, to="frozen", among=("active",), reason=FORGOTTEN, now=now)
