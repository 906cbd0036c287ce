"""An app's queue over all the sellers that let it hear of them. Outside any scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from santong.kernel import cells, tenancy
from santong.messaging.contracts import ChannelMessage
from santong.messaging.selectors.channel import sellers_of, sellers_with_due
from santong.messaging.services.queue import confirm_queued, give_back_queued, take_queued

MOST: Final = 200


def consume(
    *, app_key: str, group_name: str = "default", quantity: int = 100, now: datetime
) -> list[ChannelMessage]:
    """Give a group what waits for it, at most 200, the longest waiting sellers first.

    What is not confirmed within a minute comes again. Outside any scope.
    """
    left = min(max(quantity, 1), MOST)
    found: list[ChannelMessage] = []
    for merchant_id in sellers_with_due(app_key=app_key, group_name=group_name, now=now):
        try:
            with tenancy.scope(merchant_id=merchant_id):
                found += take_queued(
                    merchant_id=merchant_id,
                    app_key=app_key,
                    group_name=group_name,
                    most=left - len(found),
                    now=now,
                )
        except cells.MerchantIsMoving:
            continue
        if len(found) >= left:
            break
    return found


def confirm(*, app_key: str, ids: Iterable[int]) -> int:
    """Let an app be done with messages, at most 200; how many were waiting. Outside any scope.

    An id that is not the app's, or was confirmed before, changes nothing.
    """
    by_seller = sellers_of(app_key=app_key, ids=list(ids)[:MOST])
    done = 0
    for merchant_id, own in sorted(by_seller.items()):
        with tenancy.scope(merchant_id=merchant_id):
            done += confirm_queued(merchant_id=merchant_id, app_key=app_key, ids=own)
    return done


def give_back(*, app_key: str, ids_by_seller: Mapping[int, Iterable[int]], now: datetime) -> None:
    """Let what a client had not confirmed be given to another one at once. Outside any scope."""
    for merchant_id, ids in sorted(ids_by_seller.items()):
        with tenancy.scope(merchant_id=merchant_id):
            give_back_queued(merchant_id=merchant_id, app_key=app_key, ids=ids, now=now)
