"""What the trail of a staged sale has words for."""

from __future__ import annotations

from typing import Final

STAGED_ACTIONS: Final = frozenset(
    {
        *("reserve", "renew_link", "sign_contract", "record_milestone", "accept_stage"),
        *("record_delivery", "propose_change", "accept_change", "end_change", "reveal_buyer"),
        *("forget_buyer", "change_state", "send_goods"),
    }
)
