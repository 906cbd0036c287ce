"""Where documents, the explorer, conformance runs, the monitor and logs answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from santong.portal.views import calls, documents, explorer, guides, signatures

urlpatterns: list[URLPattern] = [
    path("docs/", documents.document_list, name="portal_docs"),
    path("docs/methods/<str:method>/", documents.method_page, name="portal_method"),
    path("docs/qimen/<str:name>/", guides.qimen_page, name="portal_qimen_document"),
    path("docs/topics/<str:name>/", guides.topic_page, name="portal_topic"),
    path("docs/<str:guide>/", guides.guide_page, name="portal_guide"),
    path("explorer/", explorer.explorer_page, name="portal_explorer"),
    path("explorer/call/", explorer.explorer_call, name="portal_explorer_call"),
    path("explorer/session/", explorer.explorer_session, name="portal_explorer_session"),
    path("signature/", signatures.signature_page, name="portal_signature"),
    path("signature/check/", signatures.signature_check, name="portal_signature_check"),
    path("calls/", calls.call_list, name="portal_calls"),
    path("calls/export/", calls.call_export, name="portal_calls_export"),
    path("calls/<str:call_id>/", calls.call_detail, name="portal_call"),
]
