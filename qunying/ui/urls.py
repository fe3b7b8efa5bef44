"""Addresses of the shell: accounts, preferences, and for developers the gallery."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from qunying.ui import accounts, gallery, preferences

# allauth's pages one by one, because those left out would send mail and an installation need not have a mail server
account_urls = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path(
        "password/change/",
        allauth_views.password_change,
        name="account_change_password",
    ),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("password/reset/", accounts.forgotten, name="account_reset_password"),
    # allauth asks for this address by name, so it must exist
    path("email/", accounts.no_mail, name="account_email"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(account_urls)),
    path("preferences/theme/", preferences.set_theme, name="set_theme"),
    path("preferences/language/", preferences.set_language, name="set_language"),
    path("preferences/keys/", preferences.set_keys, name="set_keys"),
]
if settings.DEBUG:
    urlpatterns += [
        path("gallery/", gallery.show, name="gallery"),
        path("gallery/found/", gallery.find, name="gallery_found"),
    ]
