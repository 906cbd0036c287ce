"""Which capabilities hold between a platform and us: the specification's intersection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from santong.agents.contracts import UCP_VERSION, Document

CHECKOUT: Final = "dev.ucp.shopping.checkout"
FULFILLMENT: Final = "dev.ucp.shopping.fulfillment"
SEARCH: Final = "dev.ucp.shopping.catalog.search"
LOOKUP: Final = "dev.ucp.shopping.catalog.lookup"

_SITE: Final = f"https://ucp.dev/{UCP_VERSION}"
_SPEC_AND_SCHEMA: Final[Mapping[str, tuple[str, str]]] = {
    CHECKOUT: ("checkout", "shopping/checkout"),
    FULFILLMENT: ("fulfillment", "shopping/fulfillment"),
    SEARCH: ("catalog/search", "shopping/catalog_search"),
    LOOKUP: ("catalog/lookup", "shopping/catalog_lookup"),
}
_EXTENDS: Final[Mapping[str, str]] = {FULFILLMENT: CHECKOUT}

# RFC 8941, a dictionary's member whose value is a string: quotes and backslashes are escaped.
_PROFILE: Final = re.compile(r'(?:^|,)\s*profile="((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')

Trouble = Literal["profile_malformed", "version_unsupported", "capabilities_incompatible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiated:
    """The capabilities that both sides have, by name; or why there is nothing to talk about."""

    capabilities: tuple[str, ...] = ()
    trouble: Trouble | None = None

    def for_operation(self, capability: str) -> tuple[str, ...]:
        """Those that matter for one: itself and what extends it."""
        return tuple(
            name
            for name in self.capabilities
            if name == capability or _EXTENDS.get(name) == capability
        )


def profile_url_in(header: str) -> str:
    """The platform's profile address in a `UCP-Agent` header; empty if there is none."""
    found = _PROFILE.search(header)
    return re.sub(r'\\(["\\])', r"\1", found[1]) if found else ""


def negotiated(*, profile: object, capability: str) -> Negotiated:
    """What holds between the platform of a profile and us, for an operation of a capability."""
    ucp = _member(profile, "ucp")
    version = ucp.get("version") if ucp is not None else None
    if ucp is None or not isinstance(version, str) or _member(ucp, "services") is None:
        return Negotiated(trouble="profile_malformed")
    nothing: Mapping[str, Any] = {}
    theirs = _member(ucp, "capabilities") if "capabilities" in ucp else nothing
    if theirs is None or _member(ucp, "payment_handlers") is None:
        return Negotiated(trouble="profile_malformed")
    if version != UCP_VERSION:
        return Negotiated(trouble="version_unsupported")
    both = {name for name in _SPEC_AND_SCHEMA if UCP_VERSION in _versions(theirs.get(name))}
    kept = tuple(name for name in _SPEC_AND_SCHEMA if name in both and _has_parent(name, both))
    if capability not in kept:
        return Negotiated(capabilities=kept, trouble="capabilities_incompatible")
    return Negotiated(capabilities=kept)


def capabilities_document() -> Document:
    """Ours, as the profile publishes them."""
    return {name: [_published(name)] for name in _SPEC_AND_SCHEMA}


def envelope(capabilities: Sequence[str], *, status: str = "success") -> Document:
    """The `ucp` member of every answer. Payment is by hand-over: no handler is offered."""
    return {
        "version": UCP_VERSION,
        "status": status,
        "capabilities": {name: [{"version": UCP_VERSION}] for name in capabilities},
        "payment_handlers": {},
    }


def profile_document(*, endpoint: str) -> Document:
    """What a platform reads first: one transport, what can be done, no payment handler."""
    return {
        "ucp": {
            "version": UCP_VERSION,
            "services": {
                "dev.ucp.shopping": [
                    {
                        "version": UCP_VERSION,
                        "spec": f"{_SITE}/specification/overview",
                        "transport": "rest",
                        "endpoint": endpoint,
                        "schema": f"{_SITE}/services/shopping/rest.openapi.json",
                    }
                ]
            },
            "capabilities": capabilities_document(),
            "payment_handlers": {},
        }
    }


def _published(name: str) -> Document:
    spec, schema = _SPEC_AND_SCHEMA[name]
    document: Document = {
        "version": UCP_VERSION,
        "spec": f"{_SITE}/specification/{spec}",
        "schema": f"{_SITE}/schemas/{schema}.json",
    }
    if name == FULFILLMENT:
        document["config"] = {"allows_method_combinations": [["shipping"], ["pickup"]]}
    return {**document, "extends": _EXTENDS[name]} if name in _EXTENDS else document


def _member(of: object, name: str) -> Mapping[str, Any] | None:
    if not isinstance(of, dict):
        return None
    found = cast("Mapping[str, Any]", of).get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else None


def _versions(entries: object) -> set[str]:
    if not isinstance(entries, list):
        return set()
    found: set[str] = set()
    for entry in cast("list[object]", entries):
        if isinstance(entry, dict):
            version = cast("Mapping[str, Any]", entry).get("version")
            found |= {version} if isinstance(version, str) else set()
    return found


def _has_parent(name: str, both: set[str]) -> bool:
    return name not in _EXTENDS or _EXTENDS[name] in both
