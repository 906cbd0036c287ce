"""Who may be the same person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.customers import contracts
from santong.customers.models.persons import Person
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class MatchKey(MerchantOwned):
    """What a person may share with others to be compared with them, as a keyed hash.

    Eight bytes are enough to find those who may be alike: that two share them proves nothing.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    key_index = models.BinaryField(max_length=8)

    objects = MerchantQuerySet["MatchKey"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key_index", "person"],
                name="a_person_shares_a_key_of_matching_once",
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "person"], name="match_keys_of_a_person")]


class MatchDue(MerchantOwned):
    """A person who is new, or of whom something else is known, and is to be compared."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()

    objects = MerchantQuerySet["MatchDue"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "person"], name="a_person_waits_once_to_be_compared"
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "id"], name="persons_due_in_order")]


class MatchRun(MerchantOwned):
    """How far a merchant's persons have been compared: one row, which whoever compares locks."""

    # Persons who were there before anybody compared: up to whom they have been put in line.
    lined_up_to = models.BigIntegerField(null=True, default=0)
    # How many persons have keys: of how many one more person is compared with.
    persons = models.BigIntegerField(default=0)

    objects = MerchantQuerySet["MatchRun"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="a_merchant_compares_in_one_run"),
            models.CheckConstraint(
                condition=Q(persons__gte=0), name="compared_persons_are_counted"
            ),
        ]


class Match(MerchantOwned):
    """Two persons who may be one: proposed once, decided by somebody. Holds no personal data."""

    first = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    score = models.IntegerField()
    reasons = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.MATCH_STATES]
    )
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="", blank=True)

    objects = MerchantQuerySet["Match"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "first", "second"], name="two_are_proposed_once"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="the_older_of_a_match_comes_first"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="what_was_decided_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"], condition=Q(state="open"), name="matches_still_open"
            ),
            models.Index(fields=["merchant_id", "second"], name="matches_by_second"),
        ]

    def as_contract(self) -> contracts.Match:
        return contracts.Match(
            id=self.id,
            first_id=self.first_id,
            second_id=self.second_id,
            score=self.score,
            reasons={name: (word, weight) for name, (word, weight) in self.reasons.items()},
            state=contracts.MATCH_STATES[contracts.MATCH_STATES.index(self.state)],
            proposed_at=self.proposed_at,
            decided_at=self.decided_at,
            reason=self.reason,
        )
