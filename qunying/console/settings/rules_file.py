"""A community's rules for a capability as a file: handed out, and brought in from another one to be looked at before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.communities.access import Permission, access_community
from qunying.communities.queries import Layer, list_layers_of_communities
from qunying.console.settings.forms import SettingsForm, as_sent
from qunying.console.show import signed_in
from qunying.kernel.capability import Capability
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.rehearsal.rule import MOST_BYTES, read_rules, write_rules
from qunying.pipeline.roster import ROSTER, find_capability

FILE = "rules"  # the field


@require_GET
@signed_in
def export(request: HttpRequest, community_id: int, name: str) -> HttpResponse:
    """What was chosen, as a file that can be brought in elsewhere and rehearsed."""
    row = access_community(request.user, community_id, Permission.SETTINGS)
    chosen = find_capability(name)
    if chosen is None:
        raise Http404
    layer = list_layers_of_communities([community_id]).get((community_id, name), Layer())
    response = HttpResponse(
        write_rules(chosen, row.name, layer.settings), content_type="application/yaml; charset=utf-8"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{row.name}-{name}.yaml')}"
    return response


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file says, as if somebody had typed it; or why it cannot be read."""

    sent: QueryDict
    error: str = ""


def bring(request: HttpRequest, capability: Capability, form: SettingsForm) -> Brought:
    """The form as it would be sent with what the file says; what it does not name stays as it is."""
    sent = request.POST.copy()
    for name, value in as_sent(form).items():
        sent[name] = value
    try:
        settings = _read(request, capability)
    except BadUse as error:
        return Brought(sent, error.said(_))
    for name, told in settings.items():
        if name in form.fields:
            lines = map(str, told) if isinstance(told, tuple) else (str(told),)
            sent[form.add_prefix(name)] = "\n".join(lines)
    return Brought(sent)


def _read(request: HttpRequest, capability: Capability) -> dict[str, object]:
    file = request.FILES.get(FILE)
    rule = read_rules(file.read(MOST_BYTES + 1) if file else b"", ROSTER)
    if rule.capability.name != capability.name:
        raise BadUse(
            mark("这是「%(other)s」的规则，不是「%(name)s」的"),
            other=_(rule.capability.title),
            name=_(capability.title),
        )
    return dict(rule.settings)
