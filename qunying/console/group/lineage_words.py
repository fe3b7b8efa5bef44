"""What links between groups are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.communities.lineage import LinkKind

KIND_WORDS: Mapping[LinkKind, str] = MappingProxyType(
    {
        LinkKind.REPLACED: gettext_noop("封了或丢了，换成新群"),
        LinkKind.REFILLED: gettext_noop("旧群不用了，重新拉满"),
        LinkKind.MERGED: gettext_noop("并入"),
        LinkKind.SPLIT: gettext_noop("分出"),
    }
)


def tell_link(kind: str) -> str:
    """Why one group goes on with another's history; '' for a kind nobody knows."""
    return _(KIND_WORDS[LinkKind(kind)]) if kind in set(LinkKind) else ""
