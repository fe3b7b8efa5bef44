"""What Today says of rehearsals: those that this person asked for, once they have ended and until they were opened."""

from __future__ import annotations

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.today.wanting import Names, Need, Wanting
from qunying.pipeline.rehearsal.asked import News, list_news
from qunying.ui.figures import exact

HARM = 0.3  # nothing has changed yet, and nobody waits but whoever asked


def want_rehearsals(user_id: int, communities: Names) -> list[Wanting]:
    """A line for each rehearsal of this person that is news."""
    return [
        Wanting(f"rehearsal{one.id}", HARM, one.finished_at, partial(_tell, one, communities))
        for one in list_news(user_id, list(communities))
    ]


def _tell(one: News, communities: Names, _groups: Names) -> Need:
    return Need(
        key=f"rehearsal{one.id}",
        what=_what(one),
        action=_("看结果"),
        name=communities.get(one.community_id, ""),
        href=reverse("console:rehearse-run", args=[one.id]),
        where=(_("只是演练，什么都没有变"),),
        at=one.finished_at,
        tone="hollow",
    )


def _what(one: News) -> str:
    if one.people is None:
        return _("演练没跑成")
    if not one.people:
        return _("演练完成：谁都不会碰到")
    return ngettext("演练完成：会碰到 %(n)s 个人", "演练完成：会碰到 %(n)s 个人", one.people) % {"n": exact(one.people)}
