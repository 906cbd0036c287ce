"""Devices tell which codes they took while nobody could be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from santong.benefits import public as benefits
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.stagedsales.contracts import (
    MOST_SYNCED,
    OfflineRedemption,
    SyncOutcome,
    SyncResult,
)
from santong.stagedsales.errors import AlreadyRedeemed, CodeOver, NonceTaken, SalePassed
from santong.stagedsales.events import DoubleRedemptionFound
from santong.stagedsales.models import OfflineUpload, RedemptionCode
from santong.stagedsales.rules import offline
from santong.stagedsales.rules.codes import cleaned
from santong.stagedsales.services.lock import lock_sale
from santong.stagedsales.services.redeem import (
    Taking,
    check_device,
    code_row,
    give_tries_back,
    may_try,
    take_code,
)
from santong.stagedsales.services.signature import signature

# A device's clock may be ahead by so much.
CLOCKS_DIFFER: Final = timedelta(minutes=5)

# What one device tells follows one another: the second of the same finds the first's answers.
_ALONE = Statement(
    "SELECT FROM (SELECT pg_advisory_xact_lock(hashtextextended(%(device)s, 0))) AS locked"
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a row is about: its code, or why it is none."""

    row: OfflineRedemption
    number: str
    sale_id: int
    why: str


@all_or_nothing
def sync_redemptions(
    *,
    merchant_id: int,
    device: str,
    location_id: int,
    rows: Sequence[OfflineRedemption],
    now: datetime,
) -> list[SyncResult]:
    """Count what a device took offline, each row once, and find what two devices took.

    A code counts for the device that tells first; for the other it is on record as double, and a
    fact tells it. One that has expired since counts, if it held when it was taken and its deposit
    has not gone back. The same row told again gets its first answer. Codes that there are not count
    as tries, as at a till that can ask: the caller commits.

    Raises FieldInvalid. Emits CodeRedeemed, DoubleRedemptionFound. Locks the device, the actor's
    counter, sales by id.
    """
    _check(device, rows)
    _ALONE.rows({"device": f"stagedsales/{merchant_id}/{device}"})
    keys = {key.version: key.public for key in benefits.public_keys(merchant_id=merchant_id)}
    upload = _Upload(merchant_id, device, location_id, now)
    known = upload.first_answers([row.nonce for row in rows])
    read = [upload.read(row, keys) for row in rows if row.nonce not in known]
    for each in sorted(read, key=lambda one: (one.sale_id, one.row.redeemed_at, one.row.nonce)):
        known[each.row.nonce] = upload.answer(each)
    return [known[row.nonce] for row in rows]


def _check(device: str, rows: Sequence[OfflineRedemption]) -> None:
    if not 0 < len(rows) <= MOST_SYNCED:
        raise FieldInvalid(pointer="/rows", reason=f"1 to {MOST_SYNCED}")
    for row in rows:
        check_device(device, row.nonce)
    if len({row.nonce for row in rows}) != len(rows):
        raise FieldInvalid(pointer="/rows", reason="a nonce stands there twice")


class _Upload:
    """What one device tells, on its way in."""

    def __init__(self, merchant_id: int, device: str, location_id: int, now: datetime) -> None:
        self.merchant_id, self.device, self.location_id = merchant_id, device, location_id
        self.now = now

    def first_answers(self, nonces: Sequence[str]) -> dict[str, SyncResult]:
        rows = OfflineUpload.objects.of_merchant(self.merchant_id).filter(
            device=self.device, nonce__in=nonces
        )
        return {row.nonce: _told(row, is_new=False) for row in rows}

    def read(self, row: OfflineRedemption, keys: Mapping[int, bytes]) -> _Read:
        """Which sale a row is about. Raises nothing: what is none says so."""
        if row.redeemed_at > self.now + CLOCKS_DIFFER:
            return _Read(row, "", 0, "in the future")
        number = cleaned(row.code)
        if offline.is_signed_form(row.code):
            said = offline.verified(
                row.code,
                merchant_id=self.merchant_id,
                public_by_version=keys,
                at=row.redeemed_at,
            )
            if not isinstance(said, offline.SignedCode):
                return _Read(row, "", 0, said)
            number = said.code
        if not may_try(merchant_id=self.merchant_id, now=self.now):
            return _Read(row, "", 0, "too many tries")
        found = code_row(merchant_id=self.merchant_id, number=number)
        if found is None:
            return _Read(row, "", 0, "no such code")
        give_tries_back(merchant_id=self.merchant_id, now=self.now)
        return _Read(row, number, found.sale_id, "")

    def answer(self, read: _Read) -> SyncResult:
        if read.why:
            return self._keep(read, "refused", why=read.why)
        held = lock_sale(merchant_id=self.merchant_id, sale_id=read.sale_id)
        taking = Taking(
            location_id=self.location_id,
            device=self.device,
            nonce=read.row.nonce,
            at=min(read.row.redeemed_at, self.now),
            was_offline=True,
        )
        try:
            with transaction.atomic():
                take_code(held, number=read.number, taking=taking, now=self.now)
        except AlreadyRedeemed:
            return self._double(read, held.code())
        except (CodeOver, SalePassed) as refused:
            return self._keep(read, "refused", why=refused.state)
        except NonceTaken:
            return self._keep(read, "refused", why="nonce taken")
        return self._keep(read, "confirmed")

    def _double(self, read: _Read, first: RedemptionCode | None) -> SyncResult:
        assert first is not None, "it was taken before"
        result = self._keep(read, "double", why="redeemed", first=first)
        outbox.publish(
            DoubleRedemptionFound(
                sale_id=read.sale_id,
                location_id=self.location_id,
                device=self.device,
                first_location_id=first.location_id,
                first_device=first.device,
            ),
            now=self.now,
        )
        return result

    def _keep(
        self,
        read: _Read,
        outcome: SyncOutcome,
        *,
        why: str = "",
        first: RedemptionCode | None = None,
    ) -> SyncResult:
        row = OfflineUpload.objects.create(
            merchant_id=self.merchant_id,
            device=self.device,
            nonce=read.row.nonce,
            sale_id=read.sale_id or None,
            outcome=outcome,
            why=why[:40],
            location_id=self.location_id,
            redeemed_at=read.row.redeemed_at,
            synced_at=self.now,
            actor=signature(),
            first_device=first.device if first else "",
            first_location_id=first.location_id if first else None,
            first_at=first.redeemed_at if first else None,
        )
        return _told(row, is_new=True)


def _told(row: OfflineUpload, *, is_new: bool) -> SyncResult:
    outcomes: dict[str, SyncOutcome] = {
        "confirmed": "confirmed",
        "double": "double",
        "refused": "refused",
    }
    return SyncResult(
        nonce=row.nonce,
        outcome=outcomes[row.outcome],
        why=row.why,
        sale_id=row.sale_id,
        first_at=row.first_at,
        first_location_id=row.first_location_id,
        is_new=is_new,
    )
