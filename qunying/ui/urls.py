"""Addresses of the shell: accounts, preferences, and for developers the gallery."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache

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
my_sign_in_urls = [
    path("", second_step.index, name="mfa_index"),
    path("two-step/", second_step.authenticate, name="mfa_authenticate"),
    path("two-step/again/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("two-step/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("two-step/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    # shown once: there is no address that would give the codes out a second time
    path("recovery-codes/", never_cache(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(account_urls)),
    path("account/", include(my_sign_in_urls)),
    path("preferences/theme/", preferences.set_theme, name="set_theme"),
    path("preferences/language/", preferences.set_language, name="set_language"),
    path("preferences/keys/", preferences.set_keys, name="set_keys"),
]
if settings.DEBUG:
    urlpatterns += [
        path("gallery/", gallery.show, name="gallery"),
        path("gallery/found/", gallery.find, name="gallery_found"),
    ]
