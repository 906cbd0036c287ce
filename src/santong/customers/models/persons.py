"""Persons, and how they are recognised."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.customers import contracts
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class PersonQuerySet(MerchantQuerySet["Person"]):
    """Persons."""


class Person(MerchantOwned):
    """A human being whom a merchant knows; the row stays, whatever becomes of what is known.

    A merge moves nothing: the younger person's row leads to the older one's (`merged_into`), and
    `current` says where the way ends. So a merge is undone by taking one step back.

    All that is known is sealed under a key of the person alone (`key_sealed`): without the key,
    nobody can read it any more. The day of birth is readable, the year is not.
    """

    state = models.CharField(max_length=8, choices=[(state, state) for state in contracts.STATES])
    current = models.ForeignKey(
        "self", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )
    key_sealed = models.BinaryField(default=b"")
    profile_sealed = models.BinaryField(default=b"")
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | Q(state="active", merged_into__isnull=True, current=F("id"))
                | Q(state="erased"),
                name="only_a_merged_person_leads_to_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(merged_into__lt=F("id")),
                name="the_older_person_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state="erased")
                | Q(
                    key_sealed=b"",
                    profile_sealed=b"",
                    birth_month=None,
                    birth_day=None,
                    erased_at__isnull=False,
                ),
                name="nothing_is_known_of_an_erased_person",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="persons_in_order"),
            models.Index(
                fields=["merchant_id", "current"],
                condition=Q(state="merged"),
                name="persons_who_lead_elsewhere",
            ),
            models.Index(
                fields=["merchant_id", "birth_month", "birth_day", "current"],
                condition=Q(birth_month__isnull=False),
                name="persons_by_day_of_birth",
            ),
        ]


class IdentityQuerySet(MerchantQuerySet["Identity"]):
    """Identities."""

    def live(self) -> IdentityQuerySet:
        """Those that hold today."""
        return self.filter(ended_at=None)


class Identity(MerchantOwned):
    """An edge of the graph: a person is recognised by an identifier, from then until then.

    The blind index covers kind, scope and value. An edge that joins tells who somebody is; one that
    does not is only known of the person: its kind is weak, or others have it too.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in contracts.KINDS])
    scope = models.CharField(max_length=contracts.LONGEST_SCOPE, default="", blank=True)
    blind_index = models.BinaryField(max_length=16)
    value_sealed = models.BinaryField()
    joins = models.BooleanField()
    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    verified_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, default="", blank=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "blind_index"],
                condition=Q(joins=True, ended_at=None),
                name="an_identifier_joins_one_person_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "blind_index", "person"],
                condition=Q(ended_at=None),
                name="a_person_has_an_identifier_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="")
                | Q(~Q(ended_why=""), ended_at__isnull=False),
                name="what_has_ended_says_why",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "person"], name="identities_of_a_person")]

    def as_kind(self) -> contracts.Kind:
        return contracts.KINDS[contracts.KINDS.index(self.kind)]

    def as_contract(self, *, value: str) -> contracts.MaskedIdentifier:
        return contracts.MaskedIdentifier(
            id=self.id,
            kind=self.as_kind(),
            scope=self.scope,
            value=value,
            joins=self.joins,
            is_verified=self.verified_at is not None,
            first_seen_at=self.first_seen_at,
            last_seen_at=self.last_seen_at,
            ended_at=self.ended_at,
        )
