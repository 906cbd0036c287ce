"""Where benefits and their supplies answer."""

from __future__ import annotations

from django.urls import path

from santong.console.views import (
    batch_drafts,
    benefits,
    new_supplies,
    redeem,
    supplies,
)

urlpatterns = [
    path("console/benefits/", benefits.batch_list, name="batches"),
    path("console/benefits/new/", batch_drafts.new_batch, name="batch_new"),
    path("console/benefits/new/create/", batch_drafts.draft_batch, name="batch_draft"),
    path("console/benefits/kinds/<kind>/", batch_drafts.new_benefit, name="benefit_new"),
    path(
        "console/benefits/kinds/<kind>/create/", batch_drafts.create_benefit, name="benefit_create"
    ),
    path("console/benefits/<batch_id>/", benefits.batch_detail, name="batch"),
    path("console/benefits/<batch_id>/<step>/", benefits.take_step, name="batch_step"),
    path("console/supplies/", supplies.supply_list, name="supplies"),
    path("console/supplies/new/", new_supplies.new_supply, name="supply_new"),
    path("console/supplies/new/create/", new_supplies.create_supply, name="supply_create"),
    path("console/supplies/suppliers/new/", new_supplies.new_supplier, name="supplier_new"),
    path(
        "console/supplies/suppliers/new/create/",
        new_supplies.create_supplier,
        name="supplier_create",
    ),
    path("console/supplies/<supply_id>/", supplies.supply_detail, name="supply"),
    path("console/supplies/<supply_id>/change/", supplies.change_supply, name="supply_change"),
    path("console/supplies/<supply_id>/check/", supplies.check_codes, name="supply_check"),
    path("console/supplies/<supply_id>/take/", supplies.take_codes, name="supply_take"),
    path("console/redeem/", redeem.redeem, name="redeem"),
    path("console/redeem/look/", redeem.look, name="redeem_look"),
    path("console/redeem/use/", redeem.use, name="redeem_use"),
]
