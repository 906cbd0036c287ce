"""Members, their cards, and whom they were won by."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.programmes import Programme

LONGEST_TIER = 40


class Member(MerchantOwned):
    """One person as the merchant's programmes know them.

    `person_id` is a person of `customers`; ids of persons are stable and no person row goes away
    while somebody is a member, so it is a plain number, and ten million joins check no foreign key.
    A merged member points at nothing: `MemberMerge` says who carries on.
    """

    number = models.CharField(max_length=contracts.LONGEST_NUMBER)
    person_id = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.MEMBER_STATES]
    )
    joined_at = models.DateTimeField()
    # Month and day of joining in China, 229 for 29 February, so that an index finds anniversaries:
    # an expression in its place is no use to PostgreSQL below row-level security. Blank in rows of
    # before, until `note_joining_days` has come to them.
    joined_day = models.PositiveSmallIntegerField(null=True)
    joined_by = models.CharField(
        max_length=12, choices=[(kind, kind) for kind in contracts.JOIN_KINDS]
    )
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["Member"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number"], name="a_member_has_its_own_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "person_id"],
                condition=~Q(state="merged"),
                name="a_person_is_one_member",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.MEMBER_STATES), name="a_members_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="members_newest_first"),
            models.Index(
                fields=["merchant_id", "joined_day", "id"],
                condition=Q(joined_day__isnull=False) & ~Q(state="merged"),
                name="members_by_day_of_joining",
            ),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(joined_day__isnull=True),
                name="members_without_day_of_joining",
            ),
        ]

    def as_contract(self, *, cards: Sequence[contracts.Card]) -> contracts.Member:
        return contracts.Member(
            id=self.id,
            number=self.number,
            person_id=self.person_id,
            state=contracts.MEMBER_STATES[contracts.MEMBER_STATES.index(self.state)],
            joined_at=self.joined_at,
            joined_by=contracts.JOIN_KINDS[contracts.JOIN_KINDS.index(self.joined_by)],
            cards=tuple(cards),
        )


class Card(MerchantOwned):
    """A member's place in one programme, with a number that tills and other systems know."""

    # Cards are written under the lock of their member, and neither it nor a programme goes away.
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=contracts.LONGEST_NUMBER)
    tier = models.CharField(max_length=LONGEST_TIER, default="", blank=True)
    tier_since = models.DateTimeField(null=True)
    tier_until = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.CARD_STATES]
    )
    opened_at = models.DateTimeField()
    last_active_at = models.DateTimeField()

    objects = MerchantQuerySet["Card"].as_manager()

    class Meta:
        constraints = [
            # In this order it also finds a card by its number alone.
            models.UniqueConstraint(
                fields=["merchant_id", "number", "programme"],
                name="a_card_number_stands_once_in_a_programme",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "member", "programme"],
                condition=~Q(state="merged"),
                name="a_member_has_one_card_in_a_programme",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.CARD_STATES), name="a_cards_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "member"], name="cards_of_a_member"),
            # Whom to look at for a programme's tiers, and who has not been seen for long.
            models.Index(
                fields=["merchant_id", "programme", "last_active_at"],
                condition=Q(state="active"),
                name="cards_by_last_activity",
            ),
            models.Index(
                fields=["merchant_id", "tier_until", "id"],
                condition=Q(tier_until__isnull=False),
                name="cards_by_end_of_tier",
            ),
            # Whose tier has no end yet: brought along before the programme promised anything.
            models.Index(
                fields=["merchant_id", "programme", "tier", "id"],
                condition=Q(tier_until__isnull=True) & ~Q(tier=""),
                name="cards_without_end_of_tier",
            ),
        ]

    def as_contract(self, *, programme_code: str) -> contracts.Card:
        return contracts.Card(
            id=self.id,
            member_id=self.member_id,
            programme_id=self.programme_id,
            programme_code=programme_code,
            number=self.number,
            tier=self.tier,
            tier_since=self.tier_since,
            tier_until=self.tier_until,
            state=contracts.CARD_STATES[contracts.CARD_STATES.index(self.state)],
            opened_at=self.opened_at,
            last_active_at=self.last_active_at,
        )


class Attribution(MerchantOwned):
    """Who or what is credited with a card: written once, when it was opened."""

    append_only = True

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in contracts.JOIN_KINDS])
    channel = models.CharField(max_length=20, default="", blank=True)
    storefront_code = models.CharField(max_length=60, default="", blank=True)
    location = models.ForeignKey(
        "stores.Location",
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    guide_code = models.CharField(max_length=contracts.LONGEST_GUIDE, default="", blank=True)
    at = models.DateTimeField()

    objects = MerchantQuerySet["Attribution"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "card"], name="a_card_is_won_once")
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "guide_code", "id"],
                condition=~Q(guide_code=""),
                name="attributions_of_a_guide",
            ),
            models.Index(
                fields=["merchant_id", "location", "id"],
                condition=Q(location__isnull=False),
                name="attributions_of_a_place",
            ),
        ]

    def as_contract(self) -> contracts.Attribution:
        return contracts.Attribution(
            id=self.id,
            member_id=self.member_id,
            card_id=self.card_id,
            programme_id=self.programme_id,
            kind=contracts.JOIN_KINDS[contracts.JOIN_KINDS.index(self.kind)],
            channel=self.channel,
            storefront_code=self.storefront_code,
            location_id=self.location_id,
            guide_code=self.guide_code,
            at=self.at,
        )


class MemberMerge(MerchantOwned):
    """What one merge of two persons did to their members, so that it can be undone exactly.

    `merge_id` is the merge of `customers`. `before` holds what stood before it, by table.
    """

    merge_id = models.BigIntegerField()
    kept = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    gone = models.ForeignKey(
        Member, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    before = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["MemberMerge"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "merge_id"], name="a_merge_unites_members_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "gone"],
                condition=Q(gone__isnull=False, undone_at__isnull=True),
                name="merges_by_whom_they_ended",
            )
        ]
