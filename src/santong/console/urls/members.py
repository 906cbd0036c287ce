"""Where members and programmes answer."""

from __future__ import annotations

from django.urls import path

from santong.console.views import (
    authorisations,
    drafts,
    liability,
    matches,
    member,
    member_benefits,
    member_commands,
    member_parts,
    member_points,
    member_rights,
    members,
    programmes,
    requests,
)

urlpatterns = [
    path("console/members/", members.member_list, name="members"),
    path("console/members/search/", members.member_search, name="member_search"),
    path("console/members/<member_id>/", member.overview, name="member"),
    path("console/members/<member_id>/points/", member_points.points, name="member_points"),
    path(
        "console/members/<member_id>/points/<accrual_id>/",
        member_points.accrual,
        name="member_accrual",
    ),
    path("console/members/<member_id>/orders/", member_parts.order_list, name="member_orders"),
    path("console/members/<member_id>/identity/", member_parts.identity, name="member_identity"),
    path("console/members/<member_id>/timeline/", member_parts.timeline, name="member_timeline"),
    path("console/members/<member_id>/reveal/", member_commands.reveal, name="member_reveal"),
    path("console/members/<member_id>/close/", member_commands.close, name="member_close"),
    path("console/members/<member_id>/reopen/", member_commands.reopen, name="member_reopen"),
    path(
        "console/members/<member_id>/accounts/<binding_id>/unbind/",
        member_commands.unbind,
        name="member_unbind",
    ),
    path(
        "console/members/<member_id>/merges/<merge_id>/undo/",
        member_commands.undo_merge,
        name="member_undo_merge",
    ),
    path("console/programmes/", programmes.programme_list, name="programmes"),
    path("console/programmes/open-pool/", programmes.open_pool, name="open_pool"),
    path("console/programmes/open/", programmes.open_programme, name="open_programme"),
    path(
        "console/programmes/pools/<pool_id>/",
        authorisations.authorisation_list,
        name="authorisations",
    ),
    path(
        "console/programmes/pools/<pool_id>/authorise/", authorisations.authorise, name="authorise"
    ),
    path(
        "console/programmes/authorisations/<authorisation_id>/change/",
        authorisations.change,
        name="authorisation_change",
    ),
    path(
        "console/programmes/authorisations/<authorisation_id>/end/",
        authorisations.end,
        name="authorisation_end",
    ),
    path("console/programmes/<programme_id>/", programmes.programme_detail, name="programme"),
    path("console/programmes/<programme_id>/draft/", drafts.draft, name="draft"),
    path(
        "console/programmes/<programme_id>/draft/simulate/",
        drafts.simulate,
        name="draft_simulate",
    ),
    path(
        "console/programmes/<programme_id>/draft/publish/",
        drafts.publish,
        name="draft_publish",
    ),
    path("console/programmes/<programme_id>/card/", programmes.card_face, name="card_face"),
    path("console/members/<member_id>/correct/", requests.ask, name="member_correct"),
    path("console/members/<member_id>/export/", member_rights.export, name="member_export"),
    path("console/members/<member_id>/erase/", member_rights.erase, name="member_erase"),
    path("console/requests/", requests.request_list, name="requests"),
    path("console/requests/<request_id>/<answer>/", requests.decide, name="request_decide"),
    path("console/matches/", matches.match_list, name="matches"),
    path("console/matches/<match_id>/<answer>/", matches.decide, name="match_decide"),
    path("console/liability/", liability.liability, name="liability"),
    path("console/liability/<pool_id>/<month>/", liability.statement, name="settlement"),
    path("console/liability/<pool_id>/<month>/close/", liability.close, name="settlement_close"),
    path("console/members/<member_id>/benefits/", member_benefits.wallet, name="member_benefits"),
    path("console/members/<member_id>/give/", member_benefits.give, name="member_give"),
]
