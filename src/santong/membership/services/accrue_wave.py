"""Purchases of members who are locked, each member's one: decide, write, post, raise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from santong.customers import public as customers
from santong.kernel import outbox
from santong.kernel.bulk import insert_new, overwrite
from santong.kernel.errors import Busy
from santong.membership import contracts
from santong.membership.errors import CardMissing, NothingPromised
from santong.membership.events import PointsAccrued
from santong.membership.models import Accrual, AccrualLine, Card, ExperienceEntry, Member
from santong.membership.rules.accrual import by_line, capped_rules, explain, total
from santong.membership.rules.authorisation import Rates
from santong.membership.rules.calendar import day_of, is_birthday
from santong.membership.rules.expiry import maturity_of
from santong.membership.rules.purchases import hash_of
from santong.membership.rules.terms import asks_for_birthday, inputs_to_json, parts_to_json
from santong.membership.rules.tiers import tier_by_code
from santong.membership.selectors.accruals import given_before
from santong.membership.selectors.authorisations import rates_for
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.accounts import (
    SOURCE,
    entries,
    experience_entries,
    of_brand,
    of_member,
)
from santong.membership.services.lock_current import usable_cards
from santong.membership.services.raise_tiers import raise_tiers
from santong.membership.services.revive import wake_locked
from santong.payments import public as payments

NOTHING_USED = contracts.Used()
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Placed:
    """A purchase, by whom, and in which programme."""

    purchase: contracts.Purchase
    member_id: int
    programme: contracts.Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    placed: Placed
    card: Card
    published: contracts.PublishedTerms
    brand_id: int
    rates: Rates
    basket: contracts.Basket
    used: contracts.Used
    explained: contracts.Explained

    @property
    def points(self) -> int:
        return total(self.explained.points)

    @property
    def experience(self) -> int:
        return total(self.explained.experience)

    @property
    def counts_at_once(self) -> bool:
        return self.published.terms.maturity.experience == "at_once"


def accrue_wave(*, merchant_id: int, placed: Sequence[Placed], now: datetime) -> list[Accrual]:
    """Give what these purchases bring. Emits PointsAccrued, TierChanged, MemberWoken."""
    decided = _decide(merchant_id, placed)
    rows = _insert(merchant_id, decided, now)
    _post(merchant_id, zip(rows, decided, strict=True), now)
    _gain(merchant_id, zip(rows, decided, strict=True), now)
    _see(merchant_id, decided, now)
    outbox.publish(
        *(
            PointsAccrued(
                accrual_id=row.id,
                member_id=row.member_id,
                programme_id=row.programme_id,
                source=row.source,
                key=row.key,
                points=row.points,
                experience=row.experience,
                matures_at=row.matures_at,
            )
            for row in rows
        ),
        now=now,
    )
    raise_tiers(
        merchant_id=merchant_id,
        cards=[each.card for each in decided if each.experience and each.counts_at_once],
        terms_by_programme={each.card.programme_id: each.published for each in decided},
        now=now,
    )
    return rows


def _decide(merchant_id: int, placed: Sequence[Placed]) -> list[_Decided]:
    programme_ids = {each.programme.id for each in placed}
    cards = usable_cards(
        merchant_id=merchant_id,
        member_ids={each.member_id for each in placed},
        programme_ids=programme_ids,
    )
    terms = newest_terms(merchant_id=merchant_id, programme_ids=programme_ids)
    for each in placed:
        if (each.member_id, each.programme.id) not in cards:
            raise CardMissing(member_id=each.member_id, programme_code=each.programme.code)
        if each.programme.id not in terms:
            raise NothingPromised(programme_id=each.programme.id)
    used = _used(merchant_id, placed, terms)
    birthdays = _birthdays(merchant_id, placed, terms)
    rates = _Rates(merchant_id)
    found = []
    for each in placed:
        card, published = cards[each.member_id, each.programme.id], terms[each.programme.id]
        basket = _basket(each, published.terms, card.tier, birthdays.get(each.member_id))
        before = used.get((each.member_id, each.programme.id), NOTHING_USED)
        brand_id, at_rates = rates.of(each)
        found.append(
            _Decided(
                placed=each,
                card=card,
                published=published,
                brand_id=brand_id,
                rates=at_rates,
                basket=basket,
                used=before,
                explained=explain(published.terms, basket=basket, used=before),
            )
        )
    return found


class _Rates:
    """What brands may do, asked once for all purchases at one moment in one place."""

    def __init__(self, merchant_id: int) -> None:
        self._merchant_id = merchant_id
        self._known: dict[tuple[int, str, datetime], tuple[int, Rates]] = {}

    def of(self, placed: Placed) -> tuple[int, Rates]:
        purchase = placed.purchase
        asked = (placed.programme.id, purchase.brand_code, purchase.bought_at)
        if asked not in self._known:
            self._known[asked] = rates_for(
                merchant_id=self._merchant_id,
                programme=placed.programme,
                brand_code=purchase.brand_code,
                act="accrue",
                at=purchase.bought_at,
            )
        return self._known[asked]


def _used(
    merchant_id: int, placed: Sequence[Placed], terms: Mapping[int, contracts.PublishedTerms]
) -> dict[tuple[int, int], contracts.Used]:
    """What was given before, where a cap asks for it."""
    asked = [
        (each.member_id, each.programme.id, _day(each, terms[each.programme.id].terms))
        for each in placed
        if capped_rules(terms[each.programme.id].terms)
    ]
    return given_before(merchant_id=merchant_id, asked=asked) if asked else {}


def _birthdays(
    merchant_id: int, placed: Sequence[Placed], terms: Mapping[int, contracts.PublishedTerms]
) -> dict[int, date]:
    """Month and day, which a mask shows, where a rule asks for it."""
    asked = {each.member_id for each in placed if asks_for_birthday(terms[each.programme.id].terms)}
    if not asked:
        return {}
    person_by_member = dict(
        Member.objects.of_merchant(merchant_id).filter(id__in=asked).values_list("id", "person_id")
    )
    persons = customers.persons_by_id(
        merchant_id=merchant_id, person_ids=list(person_by_member.values())
    )
    return {
        member_id: date.fromisoformat(f"{_LEAP_YEAR}{persons[person_id].birthday[4:]}")
        for member_id, person_id in person_by_member.items()
        if person_id in persons and persons[person_id].birthday
    }


def _day(placed: Placed, terms: contracts.Terms) -> date:
    return day_of(placed.purchase.bought_at, timezone=terms.timezone)


def _basket(
    placed: Placed, terms: contracts.Terms, tier: str, birthday: date | None
) -> contracts.Basket:
    purchase, day = placed.purchase, _day(placed, terms)
    return contracts.Basket(
        bought_at=purchase.bought_at,
        bought_on=day,
        channel=purchase.channel,
        location_code=purchase.location_code,
        tier=tier_by_code(terms.tiers, tier).code,
        is_birthday=birthday is not None and is_birthday(day, birthday=birthday),
        is_birthday_month=birthday is not None and birthday.month == day.month,
        lines=purchase.lines,
    )


def _insert(merchant_id: int, decided: Sequence[_Decided], now: datetime) -> list[Accrual]:
    rows = [_accrual(merchant_id, each, now) for each in decided]
    inserted = insert_new(rows, unique=["merchant_id", "source", "key"])
    if len(inserted) < len(rows):
        # Somebody else has told of one of them for another member, at this moment.
        raise Busy
    insert_new(
        [
            line
            for row, each in zip(rows, decided, strict=True)
            for line in _lines(merchant_id, row, each)
        ],
        unique=["merchant_id", "accrual", "line"],
    )
    return rows


def _accrual(merchant_id: int, each: _Decided, now: datetime) -> Accrual:
    purchase, terms = each.placed.purchase, each.published.terms
    waits = bool(each.points) or bool(each.experience and not each.counts_at_once)
    return Accrual(
        merchant_id=merchant_id,
        source=purchase.source,
        key=purchase.key,
        request_hash=hash_of(purchase),
        member_id=each.placed.member_id,
        card_id=each.card.id,
        programme_id=each.placed.programme.id,
        terms_id=each.published.id,
        brand_id=each.brand_id,
        earn_rate=each.rates.earn,
        state="pending" if waits else "mature",
        channel=purchase.channel,
        location_code=purchase.location_code,
        guide_code=purchase.guide_code,
        currency=purchase.currency,
        amount_minor=sum(line.amount_minor for line in purchase.lines),
        points=each.points,
        experience=each.experience,
        inputs=inputs_to_json(basket=each.basket, used=each.used),
        bought_at=purchase.bought_at,
        bought_on=each.basket.bought_on,
        matures_at=maturity_of(
            terms.maturity,
            bought_at=purchase.bought_at,
            delivered_at=purchase.delivered_at,
            awaits_delivery=purchase.awaits_delivery,
            timezone=terms.timezone,
        ),
        matured_at=None if waits else now,
        accrued_at=now,
    )


def _lines(merchant_id: int, row: Accrual, each: _Decided) -> Iterable[AccrualLine]:
    points = by_line(each.explained.points)
    experience = by_line(each.explained.experience)
    for line in each.placed.purchase.lines:
        yield AccrualLine(
            merchant_id=merchant_id,
            accrual_id=row.id,
            line=line.line,
            sku_code=line.sku_code,
            category=line.category,
            quantity=line.quantity,
            amount_minor=line.amount_minor,
            points=points.get(line.line, 0),
            experience=experience.get(line.line, 0),
            points_parts=parts_to_json(
                part for part in each.explained.points if part.line == line.line
            ),
            experience_parts=parts_to_json(
                part for part in each.explained.experience if part.line == line.line
            ),
        )


def _post(merchant_id: int, made: Iterable[tuple[Accrual, _Decided]], now: datetime) -> None:
    """Points wait in an account of their own; experience that counts at once is gained."""
    txns = [
        payments.NewTxn(
            key=f"accrual:{row.id}",
            kind="accrue",
            reference=f"accrual:{row.id}",
            occurred_at=row.bought_at,
            entries=posted,
        )
        for row, each in made
        if (posted := _entries(row, each))
    ]
    if txns:
        payments.post_many(merchant_id=merchant_id, source=SOURCE, txns=txns, now=now)


def _entries(row: Accrual, each: _Decided) -> tuple[payments.NewEntry, ...]:
    programme = each.placed.programme
    asset = programme.points_asset
    gained = row.experience if each.counts_at_once else 0
    return (
        *entries(
            (of_brand(asset, "issued", row.brand_id), -row.points),
            (of_member(asset, "pending", row.member_id), row.points),
        ),
        *experience_entries(programme, member_id=row.member_id, amount=gained),
    )


def _gain(merchant_id: int, made: Iterable[tuple[Accrual, _Decided]], now: datetime) -> None:
    ExperienceEntry.objects.bulk_create(
        [
            ExperienceEntry(
                merchant_id=merchant_id,
                card_id=row.card_id,
                at=row.bought_at,
                amount=row.experience,
                cause="accrual",
                accrual_id=row.id,
                recorded_at=now,
            )
            for row, each in made
            if row.experience and each.counts_at_once
        ]
    )


def _see(merchant_id: int, decided: Sequence[_Decided], now: datetime) -> None:
    """Who buys is there: a card has a last day, and who slept is awake."""
    seen = []
    for each in decided:
        if each.card.state == "dormant":
            wake_locked(
                merchant_id=merchant_id,
                member_id=each.card.member_id,
                programme_id=each.card.programme_id,
                at=each.placed.purchase.bought_at,
                now=now,
            )
        elif each.card.last_active_at < each.placed.purchase.bought_at:
            each.card.last_active_at = each.placed.purchase.bought_at
            seen.append(each.card)
    overwrite(seen, fields=["last_active_at"])
