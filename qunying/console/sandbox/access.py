"""Whose lab it is: the person's who opened it, as long as they may see the group it copies."""

from __future__ import annotations

from django.http import Http404

from qunying.communities.access import Permission, Signed, reach_of
from qunying.kernel.errors import BadUse
from qunying.pipeline.lab.labs import Lab, find_lab
from qunying.pipeline.lab.play import do_freshen


def access_lab(user: Signed, token: str) -> Lab:
    """That lab, ready to be read. Raises ``Http404`` where it is not there or not this person's."""
    lab = find_lab(token)
    if lab is None or lab.owner_id != user.pk:
        raise Http404
    if lab.community_id is not None and not reach_of(user, Permission.READ).covers(lab.community_id):
        raise Http404
    try:
        return do_freshen(token)
    except BadUse as gone:
        raise Http404 from gone
