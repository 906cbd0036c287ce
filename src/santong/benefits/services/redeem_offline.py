"""Tills tell what they took while nobody could be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from santong.benefits.contracts import LONGEST_KEY
from santong.benefits.contracts.offline import OfflineUse, UploadOutcome, UploadResult
from santong.benefits.errors import CouponFrozen, CouponStatePassed, KeyTaken, LimitReached
from santong.benefits.events import DoubleUseFound
from santong.benefits.models import Coupon, OfflineUpload
from santong.benefits.rules.offline import OfflineCode, verified
from santong.benefits.selectors.offline import public_keys
from santong.benefits.selectors.statements import run, signature
from santong.benefits.services.deliver import NOT_DELIVERED
from santong.benefits.services.insert import insert
from santong.benefits.services.redeem import check_use, settle_use
from santong.benefits.services.step import Step, take_step
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

MOST_AT_ONCE = 200
LONGEST_TILL = 60
# A till's clock may be ahead by so much.
CLOCKS_DIFFER = timedelta(minutes=5)

# Uploads of one till follow one another: the second of the same finds the first's answers.
_ALONE = Statement(
    "SELECT FROM (SELECT pg_advisory_xact_lock(hashtextextended(%(till)s, 0))) AS locked"
)


@all_or_nothing
def redeem_offline(
    *, merchant_id: int, till: str, uses: Sequence[OfflineUse], now: datetime
) -> list[UploadResult]:
    """Count what a till took offline, each use once, and find what two tills took.

    A coupon counts for the till that tells first; for the other the use is on record as double,
    and a fact tells it. A coupon that has expired since counts, if it held when it was taken. The
    same use told again gets its first answer.

    Raises FieldInvalid, KeyTaken. Emits CouponRedeemed, DoubleUseFound. Locks the till, coupons by
    id, then batches where a budget is spent.
    """
    _check(till, uses)
    run(_ALONE, {"till": f"benefits/{merchant_id}/{till}"})
    keys = {key.version: key.public for key in public_keys(merchant_id=merchant_id)}
    asked = _Upload(merchant_id, till, keys, now)
    results: dict[str, UploadResult] = {}
    for use in sorted(uses, key=asked.order):
        results[use.key] = asked.first_answer(use) or asked.answer(use)
    return [results[use.key] for use in uses]


def _check(till: str, uses: Sequence[OfflineUse]) -> None:
    if not 0 < len(till) <= LONGEST_TILL:
        raise FieldInvalid(pointer="/till", reason=f"1 to {LONGEST_TILL} characters")
    if not 0 < len(uses) <= MOST_AT_ONCE:
        raise FieldInvalid(pointer="/uses", reason=f"1 to {MOST_AT_ONCE}")
    if len({use.key for use in uses}) != len(uses):
        raise FieldInvalid(pointer="/uses", reason="a key stands there twice")
    for use in uses:
        if not 0 < len(use.key) < LONGEST_KEY - LONGEST_TILL:
            raise FieldInvalid(pointer="/uses", reason="a key has 1 to 39 characters")
        check_use(holder="", amount_minor=use.amount_minor)


class _Upload:
    """One till's uses, on their way in."""

    def __init__(
        self, merchant_id: int, till: str, keys: Mapping[int, bytes], now: datetime
    ) -> None:
        self.merchant_id, self.till, self.keys, self.now = merchant_id, till, keys, now

    def order(self, use: OfflineUse) -> tuple[int, str]:
        """Coupons are locked by id."""
        read = self._read(use)
        return (read.coupon_id if isinstance(read, OfflineCode) else 0, use.key)

    def first_answer(self, use: OfflineUse) -> UploadResult | None:
        row = (
            OfflineUpload.objects.of_merchant(self.merchant_id)
            .filter(till=self.till, key=use.key)
            .first()
        )
        return _told(row, is_new=False) if row else None

    def answer(self, use: OfflineUse) -> UploadResult:
        read = self._read(use)
        if not isinstance(read, OfflineCode):
            return self._keep(use, None, "refused", why=read)
        if use.redeemed_at > self.now + CLOCKS_DIFFER:
            return self._keep(use, read.coupon_id, "refused", why="in the future")
        try:
            with transaction.atomic():
                self._redeem(use, read)
        except CouponStatePassed:
            return self._passed(use, read)
        except (CouponFrozen, LimitReached, NoSuch, FieldInvalid, *NOT_DELIVERED) as refused:
            why = str(getattr(refused, "limit", refused.code))
            return self._keep(use, read.coupon_id, "refused", why=why[:40])
        return self._keep(use, read.coupon_id, "counted")

    def _read(self, use: OfflineUse) -> OfflineCode | str:
        return verified(
            use.code,
            merchant_id=self.merchant_id,
            public_by_version=self.keys,
            at=use.redeemed_at,
        )

    def _redeem(self, use: OfflineUse, read: OfflineCode) -> None:
        """A code is good for the use that it was signed for: one that was restored is a new one."""
        rows = Coupon.objects.of_merchant(self.merchant_id).filter(id=read.coupon_id)
        row: Coupon | None = rows.lock().first()
        if row is None:
            raise NoSuch(kind="coupon", key=str(read.coupon_id))
        if row.attempt != read.attempt:
            raise CouponStatePassed(coupon_id=row.id, state=row.state, wanted="redeemed")
        stepped = take_step(
            Step(
                coupon_id=row.id,
                kind="redeemed",
                start=("issued", "expired"),
                to="redeemed",
                key=f"{self.till}/{use.key}",
                amount_minor=use.amount_minor,
                channel="till",
                location_id=use.location_id,
                redeemed_at=use.redeemed_at,
                reason="offline",
            ),
            merchant_id=self.merchant_id,
            now=self.now,
        )
        settle_use(
            stepped,
            merchant_id=self.merchant_id,
            lines=(),
            channel="till",
            location_id=use.location_id,
            redeemed_at=use.redeemed_at,
            now=self.now,
        )

    def _passed(self, use: OfflineUse, read: OfflineCode) -> UploadResult:
        """It was used before, or ended otherwise."""
        row = Coupon.objects.of_merchant(self.merchant_id).get(id=read.coupon_id)
        if row.state in ("void", "created"):
            return self._keep(use, row.id, "refused", why=row.state)
        first = (
            OfflineUpload.objects.of_merchant(self.merchant_id)
            .filter(coupon_id=row.id, outcome="counted")
            .order_by("-id")
            .first()
        )
        first_till = first.till if first else ""
        result = self._keep(use, row.id, "double", why=row.state, first_till=first_till)
        outbox.publish(
            DoubleUseFound(coupon_id=row.id, first_till=first_till, second_till=self.till),
            now=self.now,
        )
        return result

    def _keep(
        self,
        use: OfflineUse,
        coupon_id: int | None,
        outcome: UploadOutcome,
        *,
        why: str = "",
        first_till: str = "",
    ) -> UploadResult:
        row = OfflineUpload(
            merchant_id=self.merchant_id,
            till=self.till,
            key=use.key,
            coupon_id=coupon_id,
            outcome=outcome,
            why=why,
            first_till=first_till,
            location_id=use.location_id,
            amount_minor=use.amount_minor,
            redeemed_at=use.redeemed_at,
            uploaded_at=self.now,
            actor=signature(),
        )
        insert(row, taken=KeyTaken(key=use.key), constraint="a_till_tells_a_redemption_once")
        return _told(row, is_new=True)


def _told(row: OfflineUpload, *, is_new: bool) -> UploadResult:
    outcomes: dict[str, UploadOutcome] = {
        "counted": "counted",
        "double": "double",
        "refused": "refused",
    }
    return UploadResult(
        key=row.key,
        coupon_id=row.coupon_id,
        outcome=outcomes[row.outcome],
        why=row.why,
        first_till=row.first_till,
        is_new=is_new,
    )
