"""What an application tells of a member counts if it is newer than what it told before."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_NEWER: Final = Statement("""
INSERT INTO topgateway_toldstanding AS t (merchant_id, app_key, programme_id, member_id, version,
  told_at)
VALUES (%(merchant)s::bigint, %(app_key)s, %(programme)s::bigint, %(member)s::bigint,
  %(version)s::bigint, %(now)s::timestamptz)
ON CONFLICT (merchant_id, member_id, programme_id, app_key) DO UPDATE
SET version = excluded.version, told_at = excluded.told_at WHERE t.version < excluded.version
RETURNING id
""")


@all_or_nothing
def take_version(
    *,
    merchant_id: int,
    app_key: str,
    programme_id: int,
    member_id: int,
    version: int,
    now: datetime,
) -> bool:
    """Whether this is the newest that the application has told; from then on nothing older counts.

    Locks what was told of the member.
    """
    made = _NEWER.rows(
        {
            "merchant": str(merchant_id),
            "app_key": app_key,
            "programme": str(programme_id),
            "member": str(member_id),
            "version": str(version),
            "now": now.isoformat(),
        }
    )
    return bool(made)
