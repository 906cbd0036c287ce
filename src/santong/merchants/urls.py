"""Where people log in and out."""

from __future__ import annotations

from django.urls import path

from santong.merchants import views

urlpatterns = [
    path("log-in/", views.log_in_page, name="log_in"),
    path("log-out/", views.log_out_page, name="log_out"),
    path("password/", views.password_page, name="password"),
]
