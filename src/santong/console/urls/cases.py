"""Where cases after the sale, claims and their policy answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from santong.console.views import (
    carrier_claims,
    case_commands,
    case_new,
    case_policy,
    cases,
    damaged_goods,
    owed_goods,
)

urlpatterns: list[URLPattern] = [
    path("console/cases/", cases.case_list, name="cases"),
    path("console/cases/new/", case_new.new_case, name="case_new"),
    path("console/cases/open/", case_new.open_it, name="case_open"),
    path("console/cases/<case_id>/", cases.case_detail, name="case"),
    path("console/cases/<case_id>/decide/", case_commands.decide, name="case_decide"),
    path("console/cases/<case_id>/receive/", case_commands.receive, name="case_receive"),
    path(
        "console/cases/<case_id>/refuse-goods/",
        case_commands.refuse_goods,
        name="case_refuse_goods",
    ),
    path(
        "console/cases/<case_id>/close-short/", case_commands.close_short, name="case_close_short"
    ),
    path("console/cases/<case_id>/cancel/", case_commands.cancel, name="case_cancel"),
    path("console/cases/<case_id>/write/", case_commands.write_to_buyer, name="case_write"),
    path("console/cases/<case_id>/repair/", case_commands.repair, name="case_repair"),
    path("console/cases/<case_id>/link/", case_commands.link, name="case_link"),
    path(
        "console/cases/<case_id>/refunds/<step_id>/retry/",
        case_commands.retry,
        name="case_retry",
    ),
    path("console/cases/<case_id>/files/<evidence_id>/", cases.case_file, name="case_file"),
    path("console/owed-goods/", owed_goods.owed_list, name="owed_goods"),
    path("console/owed-goods/<remedy_id>/open/", owed_goods.open_one, name="owed_goods_open"),
    path("console/damaged-goods/", damaged_goods.damaged_list, name="damaged_goods"),
    path(
        "console/damaged-goods/<line_id>/settle/",
        damaged_goods.settle,
        name="damaged_goods_settle",
    ),
    path("console/carrier-claims/", carrier_claims.claim_list, name="carrier_claims"),
    path("console/carrier-claims/open/", carrier_claims.open_one, name="carrier_claim_open"),
    path("console/carrier-claims/<claim_id>/step/", carrier_claims.step, name="carrier_claim_step"),
    path("console/case-policy/", case_policy.policy, name="case_policy"),
    path("console/case-policy/publish/", case_policy.publish, name="case_policy_publish"),
    path(
        "console/case-policy/warranty/", case_policy.publish_warranty, name="case_warranty_publish"
    ),
]
