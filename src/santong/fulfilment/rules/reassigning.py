"""Why head office takes work from a place, and what that tells about the place's stock."""

from __future__ import annotations

from santong.fulfilment.contracts import ReassignReason

# Somebody has looked, or called: nobody else shall be sold what is not there.
SAYS_STOCK_IS_MISSING: frozenset[ReassignReason] = frozenset({"stock_missing"})
# A reason that says nothing needs words that do.
WANTS_A_NOTE: frozenset[ReassignReason] = frozenset({"other"})
