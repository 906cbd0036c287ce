"""Where staged sales and their plans answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from santong.console.views import (
    stage_plans,
    staged_commands,
    staged_contract,
    staged_goods,
    staged_redeem,
    staged_sales,
)

STAGED = "console/staged-sales/"
SALE = f"{STAGED}<staged_sale_id>/"

urlpatterns: list[URLPattern] = [
    path(STAGED, staged_sales.sale_list, name="staged_sales"),
    path(f"{STAGED}reserve/", staged_commands.reserve, name="staged_reserve"),
    path(f"{STAGED}redeem/", staged_redeem.redeem, name="staged_redeem"),
    path(f"{STAGED}redeem/take/", staged_redeem.take, name="staged_take"),
    path(SALE, staged_sales.sale_detail, name="staged_sale"),
    path(f"{SALE}link/", staged_commands.link, name="staged_link"),
    path(f"{SALE}reveal/", staged_commands.reveal, name="staged_reveal"),
    path(f"{SALE}photos/<evidence_id>/", staged_commands.photo, name="staged_photo"),
    path(f"{SALE}contract/", staged_contract.contract_form, name="staged_contract"),
    path(f"{SALE}contract/sign/", staged_contract.sign, name="staged_sign"),
    path(f"{SALE}change-order/", staged_contract.change_form, name="staged_change"),
    path(f"{SALE}change-order/propose/", staged_contract.propose, name="staged_propose"),
    path(
        f"{SALE}changes/<change_version>/withdraw/",
        staged_commands.withdraw,
        name="staged_withdraw",
    ),
    path(f"{SALE}stages/<stage_number>/pay/", staged_commands.pay, name="staged_pay"),
    path(
        f"{SALE}stages/<stage_number>/milestone/",
        staged_commands.milestone,
        name="staged_milestone",
    ),
    path(f"{SALE}stages/<stage_number>/accept/", staged_commands.accept, name="staged_accept"),
    path(f"{SALE}delivery/", staged_commands.deliver, name="staged_delivery"),
    path(f"{SALE}goods/", staged_goods.send, name="staged_goods"),
    path(f"{SALE}cancel/", staged_commands.cancel, name="staged_cancel_sale"),
    path("console/stage-plans/", stage_plans.plan_list, name="stage_plans"),
    path("console/stage-plans/publish/", stage_plans.publish, name="stage_plan_publish"),
    path("console/stage-plans/<stage_plan_code>/", stage_plans.plan_detail, name="stage_plan"),
]
