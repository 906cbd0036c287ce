"""What the law of a place allows, as data, and whether a purchase keeps to it.

Mainland China: the measures for single-purpose commercial prepaid cards. Each number has to be
confirmed by counsel before cards are sold; another place is another profile, not another rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from santong.prepaid.contracts import IssuerKind, Profile, Purchase, Refusal

MAINLAND_CHINA = Profile(
    code="mainland_china",
    registered_most_minor=500_000,
    bearer_most_minor=100_000,
    bearer_days_least=3 * 365 + 1,
    may_registered_end=False,
    identity_from_minor=1_000_000,
    company_cash_below_minor=500_000,
    person_cash_below_minor=5_000_000,
    reserve_percent_by_issuer=(("group", 30), ("brand", 40), ("scale", 20), ("other", 0)),
)
WITHOUT_LIMITS = Profile(code="without_limits")

PROFILES: Mapping[str, Profile] = {
    profile.code: profile for profile in (MAINLAND_CHINA, WITHOUT_LIMITS)
}
DEFAULT = MAINLAND_CHINA


def refusals(*, purchase: Purchase, profile: Profile) -> tuple[Refusal, ...]:
    """Every rule that stands against a purchase, with its limit and what was asked."""
    return (
        *_of_cards(purchase, profile),
        *_of_validity(purchase, profile),
        *_of_buyer(purchase, profile),
    )


def reserve_percent(profile: Profile, *, issuer_kind: IssuerKind) -> int:
    """How much of the float an issuer of this kind deposits."""
    return dict(profile.reserve_percent_by_issuer).get(issuer_kind, 0)


def reserve(principal_minor: int, *, percent: int) -> int:
    """What is deposited for so much float, rounded up."""
    return -(-principal_minor * percent // 100)


def _of_cards(purchase: Purchase, profile: Profile) -> Iterator[Refusal]:
    rule, most = (
        ("registered_card_most", profile.registered_most_minor)
        if purchase.is_registered
        else ("bearer_card_most", profile.bearer_most_minor)
    )
    fullest = max(purchase.principal_after_minor, default=0)
    if most is not None and fullest > most:
        yield Refusal(rule=rule, limit=most, asked=fullest)


def _of_validity(purchase: Purchase, profile: Profile) -> Iterator[Refusal]:
    if purchase.valid_days is None:
        return
    if purchase.is_registered:
        if not profile.may_registered_end:
            yield Refusal(rule="registered_card_never_ends", limit=0, asked=purchase.valid_days)
    elif purchase.valid_days < profile.bearer_days_least:
        yield Refusal(
            rule="bearer_card_days_least",
            limit=profile.bearer_days_least,
            asked=purchase.valid_days,
        )


def _of_buyer(purchase: Purchase, profile: Profile) -> Iterator[Refusal]:
    asked = purchase.amount_minor
    known_from = profile.identity_from_minor
    if known_from is not None and asked >= known_from and not purchase.is_identified:
        yield Refusal(rule="buyer_shows_identity_from", limit=known_from, asked=asked)
    rule, below = (
        ("company_pays_cash_below", profile.company_cash_below_minor)
        if purchase.is_company
        else ("person_pays_cash_below", profile.person_cash_below_minor)
    )
    if purchase.is_cash and below is not None and asked >= below:
        yield Refusal(rule=rule, limit=below, asked=asked)
