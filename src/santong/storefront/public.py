"""The door of storefront: what the installation wires, and what `doctor` asks."""

from __future__ import annotations

from santong.storefront.selectors.invariants import check_invariants
from santong.storefront.services.forget_person import export_person, forget_person
from santong.storefront.services.recognise import MemberCredentials

__all__ = ["MemberCredentials", "check_invariants", "export_person", "forget_person"]
