from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from santong.kernel import audit, names
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.qimen import contracts
from santong.qimen.errors import ContractCodeTaken, CustomerIdTaken
from santong.qimen.models import Contract
from santong.qimen.rules.names import NAME_KIND, name_of
from santong.qimen.rules.settings import check_new
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.name_things import check_shops, name_warehouses, quirk_columns


@all_or_nothing
def create_contract(
    *, merchant_id: int, wanted: contracts.NewContract, now: datetime
) -> contracts.Contract:
    """Connect an ERP or a WMS. Its application's secrets sign what either side says.

    Raises FieldInvalid, ContractCodeTaken, CustomerIdTaken, PlaceToldTwice. Locks the name.
    """
    check_new(wanted=wanted)
    if names.merchant_of(kind="app", name=wanted.app_key) is None:
        raise FieldInvalid(pointer="/app_key", reason="no application has this key")
    check_shops(merchant_id=merchant_id, codes=wanted.storefront_by_shop)
    name = name_of(app_key=wanted.app_key, customer_id=wanted.customer_id)
    if not names.take(kind=NAME_KIND, name=name, merchant_id=merchant_id):
        raise CustomerIdTaken(customer_id=wanted.customer_id)
    row = _insert(merchant_id, wanted, now)
    name_warehouses(
        merchant_id=merchant_id, contract_id=row.id, warehouses=wanted.warehouses, before=()
    )
    audit.record(
        audit.Change(
            action="qimen.create_contract",
            subject="qimen_contract",
            subject_id=row.id,
            reason="created",
            after={
                "code": row.code,
                "side": row.side,
                "url": row.url,
                "app_key": row.app_key,
                "customer_id": row.customer_id,
            },
        ),
        now=now,
    )
    return contract_by_id(merchant_id=merchant_id, contract_id=row.id)


def _insert(merchant_id: int, wanted: contracts.NewContract, now: datetime) -> Contract:
    try:
        with transaction.atomic():
            return Contract.objects.create(
                merchant_id=merchant_id,
                code=wanted.code,
                name=wanted.name.strip(),
                side=wanted.side,
                app_key=wanted.app_key,
                customer_id=wanted.customer_id,
                url=wanted.url,
                owner_code=wanted.owner_code,
                storefront_by_shop=dict(wanted.storefront_by_shop),
                carrier_by_code=dict(wanted.carrier_by_code),
                is_told_of_stock=wanted.is_told_of_stock,
                created_at=now,
                **quirk_columns(wanted.quirks),
            )
    except IntegrityError:
        taken = Contract.objects.of_merchant(merchant_id).filter(code=wanted.code).first()
        if taken is None:
            raise CustomerIdTaken(customer_id=wanted.customer_id) from None
        raise ContractCodeTaken(contract_id=taken.id) from None
