"""Statement files, what stands in them, and what matches."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.reconciliation import contracts

LONGEST_CODE = 60


class AccountQuerySet(MerchantQuerySet["Account"]):
    """Reconciled accounts."""


class Account(MerchantOwned):
    """An account that is reconciled. Whoever matches it holds its row: one at a time."""

    code = models.CharField(max_length=LONGEST_CODE)
    format = models.CharField(max_length=20, choices=[(each, each) for each in contracts.FORMATS])
    # The bank account to which the provider pays out a day's net.
    settles_to = models.CharField(max_length=LONGEST_CODE, default="", db_default="", blank=True)
    since = models.DateField()

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="an_account_is_reconciled_once"
            )
        ]


class StatementFileQuerySet(MerchantQuerySet["StatementFile"]):
    """Statement files."""


class StatementFile(MerchantOwned):
    """What a provider says has moved at an account on a day."""

    account_code = models.CharField(max_length=LONGEST_CODE)
    day = models.DateField()
    format = models.CharField(max_length=20, choices=[(each, each) for each in contracts.FORMATS])
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in contracts.FILE_STATES]
    )
    currency = models.CharField(max_length=3)
    bytes = models.BigIntegerField()
    lines = models.BigIntegerField(default=0, db_default=0)
    lines_read = models.BigIntegerField(default=0, db_default=0)
    fee_minor = models.BigIntegerField(default=0, db_default=0)
    matched = models.BigIntegerField(default=0, db_default=0)
    bookings = models.PositiveIntegerField(default=0, db_default=0)
    differences = models.BigIntegerField(default=0, db_default=0)
    theirs_minor = models.BigIntegerField(default=0, db_default=0)
    ours_minor = models.BigIntegerField(default=0, db_default=0)
    booked_minor = models.BigIntegerField(default=0, db_default=0)
    differences_minor = models.BigIntegerField(default=0, db_default=0)
    received_at = models.DateTimeField()
    matched_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )
    problem_line = models.BigIntegerField(default=0, db_default=0)
    problem_column = models.CharField(max_length=60, default="", db_default="", blank=True)
    problem = models.CharField(max_length=200, default="", db_default="", blank=True)
    actor = models.CharField(max_length=120)

    objects = StatementFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account_code", "day", "sha256"],
                condition=~Q(state="refused"),
                name="a_file_is_taken_once",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "account_code", "day"],
                condition=Q(state="matched"),
                name="one_file_speaks_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    theirs_minor=F("ours_minor") + F("booked_minor") + F("differences_minor")
                )
                | ~Q(state="matched"),
                name="every_minor_unit_of_a_matched_file_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(lines_read__gte=0) & Q(lines_read__lte=F("lines")),
                name="no_more_lines_are_read_than_there_are",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "account_code", "day"], name="statement_by_day"),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state__in=["received", "reading", "read"]),
                name="statement_to_work_on",
            ),
        ]

    def as_contract(self) -> contracts.StatementFile:
        names = contracts.StatementFile.__dataclass_fields__
        return contracts.StatementFile(**{name: getattr(self, name) for name in names})


class StatementPartQuerySet(MerchantQuerySet["StatementPart"]):
    """Parts of files."""


class StatementPart(MerchantOwned):
    """A piece of a file as it came, packed and sealed: it may hold what buyers are called."""

    append_only = True

    file = models.ForeignKey(
        StatementFile, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    objects = StatementPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "file", "number"], name="a_part_of_a_file_stands_once"
            )
        ]


class StatementLineQuerySet(MerchantQuerySet["StatementLine"]):
    """Lines of statements."""


class StatementLine(MerchantOwned):
    """A line of a statement, as it was told. The line itself is in the file's parts."""

    append_only = True

    file = models.ForeignKey(
        StatementFile, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    line = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    our_reference = models.CharField(max_length=contracts.LONGEST_REFERENCE)
    their_reference = models.CharField(max_length=contracts.LONGEST_REFERENCE)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField()

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "file", "line"], name="a_line_of_a_file_is_read_once"
            )
        ]


class MatchQuerySet(MerchantQuerySet["Match"]):
    """Matches."""


class Match(MerchantOwned):
    """A line and the movement that it tells of; a bank's line may stand for a whole day."""

    file = models.ForeignKey(
        StatementFile, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    line = models.ForeignKey(
        StatementLine, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    movement_id = models.BigIntegerField(null=True)
    fee_movement_id = models.BigIntegerField(null=True)
    # A bank's line that is the net of another account's day.
    net_of = models.ForeignKey(
        StatementFile,
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    stage = models.CharField(max_length=20)

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "line"], name="a_line_matches_once"),
            models.UniqueConstraint(
                fields=["merchant_id", "movement_id"], name="a_movement_matches_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "fee_movement_id"],
                condition=Q(fee_movement_id__isnull=False),
                name="a_fee_matches_once",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "net_of"],
                condition=Q(net_of__isnull=False),
                name="a_days_net_is_paid_out_once",
            ),
            models.CheckConstraint(
                condition=Q(movement_id__isnull=False) | Q(net_of__isnull=False),
                name="a_match_has_two_sides",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "file"], name="match_by_file")]
