"""Where the buyer's pages answer."""

from __future__ import annotations

from django.urls import path

from santong.stagedsales.views import commands, pages

app_name = "stagedsales"

urlpatterns = [
    path("<token>/", pages.sale_page, name="sale"),
    path("<token>/photos/<evidence_id>/", pages.photo, name="photo"),
    path("<token>/pay/<int:number>/", commands.pay, name="pay"),
    path("<token>/accept/<int:number>/", commands.accept, name="accept"),
    path("<token>/changes/<int:version>/agree/", commands.agree, name="agree"),
    path("<token>/changes/<int:version>/decline/", commands.decline, name="decline"),
    path("<token>/cancel/", commands.cancel, name="cancel"),
]
