from __future__ import annotations

from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import public as membership

_FORGET: Final = Statement("""
DELETE FROM gateway_membersync s USING gateway_connection c
WHERE s.merchant_id = %(merchant)s::bigint AND s.member_id = %(member)s::bigint
  AND c.merchant_id = s.merchant_id AND c.id = s.connection_id
  AND c.storefront_code = %(storefront)s
""")


@all_or_nothing
def forget_member(*, merchant_id: int, member_id: int, storefront_code: str) -> None:
    """Forget the name of a member whom no account of a storefront shows any more.

    Whoever has been bound again in the meantime is not forgotten. Locks the member's places in the
    queue.
    """
    bindings = membership.bindings_of(merchant_id=merchant_id, member_id=member_id)
    here = (storefront_code, "bound")
    if not any((each.storefront_code, each.state) == here for each in bindings):
        _FORGET.later(
            {
                "merchant": str(merchant_id),
                "member": str(member_id),
                "storefront": storefront_code,
            }
        )
