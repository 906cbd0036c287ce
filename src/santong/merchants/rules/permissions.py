"""Who may do what: roles down, permissions across. Anything not ticked is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

HEAD_OFFICE = "head_office"
BRAND_OPERATOR = "brand_operator"
STORE_MANAGER = "store_manager"
CLERK = "clerk"
WAREHOUSE = "warehouse"
CUSTOMER_SERVICE = "customer_service"
FINANCE = "finance"
DEALER = "dealer"
DEVELOPER = "developer"
TECHNICIAN = "technician"
PROVIDER = "provider"

# h head office · b brand operator · m store manager · c clerk · w warehouse
# s customer service · f finance · d dealer · e developer · t technician · p service provider
_LETTERS = {
    "h": HEAD_OFFICE,
    "b": BRAND_OPERATOR,
    "m": STORE_MANAGER,
    "c": CLERK,
    "w": WAREHOUSE,
    "s": CUSTOMER_SERVICE,
    "f": FINANCE,
    "d": DEALER,
    "e": DEVELOPER,
    "t": TECHNICIAN,
    "p": PROVIDER,
}

_TABLE = """
console.open              h b m c w s f d e t p
merchants.view            h b . . . . f . e . .
merchants.edit            h . . . . . . . . . .
staff.view                h . m . . . . d . . .
staff.edit                h . . . . . . . . . .
tokens.view               h . . . . . . . e . .
tokens.edit               h . . . . . . . e . .
audit.view                h . . . . s f . . . .
notices.view              h b m . . s . . e . .
notices.handle            h b . . . s . . . . .
outbox.view               h . . . . . . . e . .
outbox.replay             h . . . . . . . e . .
catalog.view              h b m c w s f d e t p
catalog.edit              h b . . . . . . e . .
stores.view               h b m c w s f d e t p
stores.edit               h b . . . . . . e . .
stock.view                h b m c w s . d e . .
stock.adjust              h . m . w . . . e . .
stock.count               h . m c w . . . e . .
orders.view               h b m c w s f d e . .
orders.place              h b m c . s . d e . .
orders.cancel             h b . . . s . . e . .
orders.pay                h . m c . s . . e . .
payments.view             h . m . . s f . e . .
payments.take             h . m c . s . . e . .
payments.refund           h . m . . s f . e . .
payments.handle           h . . . . s f . . . .
payments.edit             h . . . . . f . . . .
prepaid.view              h b m c . s f . e . .
prepaid.sell              h . m c . s . . e . .
prepaid.edit              h . . . . . f . . . .
shares.view               h . . . . . f . e . .
shares.edit               h . . . . . f . . . .
payouts.view              h . . . . . f . . . .
payouts.run               h . . . . . f . . . .
statements.view           h . m c . . f d . t p
statements.dispute        h . m c . . f d . t p
reconciliation.view       h . . . . . f . . . .
reconciliation.work       h . . . . . f . . . .
invoices.view             h . m c . s f . e . .
invoices.issue            h . m c . s f . e . .
invoices.edit             h . . . . . f . . . .
personal_data.reveal      h . m c w s . . . . .
routing.view              h b . . . s . . e . .
routing.edit              h b . . . . . . . . .
fulfilment.view           h b m c w s . d e . .
fulfilment.work           h . m c w . . . e . .
fulfilment.dispatch       h b m . w . . . e . .
exceptions.handle         h b . . . s . . . . .
customers.view            h b m c . s . . e . .
customers.edit            h b m c . s . . e . .
customers.merge           h . . . . s . . . . .
customers.erase           h . . . . s . . . . .
members.view              h b m c . s f d e . .
members.recruit           h b m c . s . d e . .
members.edit              h b m . . s . . e . .
points.view               h b m c . s f . e . .
points.earn               h b m c . s . . e . .
points.burn               h b m c . s . . e . .
points.correct            h b . . . s . . . . .
points.approve            h . . . . . f . . . .
programmes.view           h b m c . s f d e . .
programmes.edit           h b . . . . . . . . .
settlements.view          h b . . . . f . . . .
ledger.view               h . . . . . f . . . .
benefits.view             h b m c . s f d e . .
benefits.edit             h b . . . . . . . . .
benefits.approve          h . . . . . f . . . .
benefits.issue            h b m c . s . . e . .
benefits.redeem           h b m c . s . . e . .
evidence.view             h b m c w s f d e . .
clocks.view               h b m . . s . d e . .
clocks.edit               h b . . . . . . . . .
agreements.view           h b m c . s f d e . .
agreements.edit           h b . . . . . . . . .
agreements.offer          h b m c . s . . e . .
agreements.handle         h b m . . s . . . . .
stagedsales.view          h b m c . s f d e . .
stagedsales.sell          h b m c . s . . e . .
stagedsales.edit          h b . . . . . . . . .
presales.view             h b m c . s f d e . .
presales.sell             h b m c . s . . e . .
presales.edit             h b . . . . . . . . .
visits.view               h b m c . s . d e t p
visits.edit               h b . . . . . . e . p
visits.dispatch           h b m . . s . . e . p
visits.work               h . . . . . . . . t p
cases.view                h b m c w s f d e . .
cases.open                h b m c . s . . e . .
cases.decide              h b m . . s . . . . .
cases.handle              h b m c w s . . e . .
cases.policies            h b . . . . . . . . .
claims.handle             h b . . . s f . . . .
agents.view                h b . . . . . . e . .
agents.edit                h . . . . . . . e . .
agents.use                h b m . w s f d e . .
agents.write              h b . . . s . . e . .
connections.view          h b . . . . . . e . .
connections.edit          h . . . . . . . e . .
apps.view                 h . . . . . . . e . .
apps.edit                 h . . . . . . . e . .
apps.authorise            h . . . . . . . . . .
qimen.view                h b . . w . . . e . .
qimen.edit                h b . . . . . . . . .
messages.view             h . . . . . . . e . .
messages.edit             h . . . . . . . e . .
"""


def _read(table: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {role: set() for role in _LETTERS.values()}
    for line in table.strip().splitlines():
        permission, *marks = line.split()
        assert len(marks) == len(_LETTERS), f"{permission} has a mark for each role"
        for letter, mark in zip(_LETTERS, marks, strict=True):
            assert mark in {letter, "."}, f"{permission}: {mark} stands in the column of {letter}"
            if mark == letter:
                found[_LETTERS[letter]].add(permission)
    return {role: frozenset(permissions) for role, permissions in found.items()}


PERMISSIONS_BY_ROLE: Mapping[str, frozenset[str]] = _read(_TABLE)
ROLES: tuple[str, ...] = tuple(PERMISSIONS_BY_ROLE)
PERMISSIONS: frozenset[str] = frozenset[str]().union(*PERMISSIONS_BY_ROLE.values())


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """What somebody with these roles may do."""
    return frozenset[str]().union(*(PERMISSIONS_BY_ROLE[role] for role in roles))
