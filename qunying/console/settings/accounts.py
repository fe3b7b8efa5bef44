"""Our accounts on the carriers: are they there, and what do they listen to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from qunying.communities.queries_accounts import list_accounts_with_groups
from qunying.console.platforms import tell_platform
from qunying.console.settings.communities import tabs_of
from qunying.console.settings.context import AccountLine, AccountsContext
from qunying.console.show import show, signed_in


@require_GET
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Every account with its state."""
    lines = []
    for account, groups in list_accounts_with_groups():
        name = tell_platform(account.carrier)
        lines.append(AccountLine(name, account.name, account.ref, account.is_online, account.online_since, groups))
    context = AccountsContext(tabs_of(request, "settings-accounts"), tuple(lines))
    return show(request, "console/settings/accounts.html", context)
