"""What groups are called, for lists that need no more of them."""

from __future__ import annotations

from collections.abc import Collection

from qunying.communities.models import Group
from qunying.store.rows import select


def list_group_names(ids: Collection[int | None]) -> dict[int, str]:
    """What these groups are called, by our remark before the carrier's name, in one query; unknown ones are absent."""
    known = {pk for pk in ids if pk}
    lines = select(Group, ["id", "remark", "carrier_name"], ["id"], [(pk,) for pk in known]) if known else []
    return {pk: remark or carrier_name for pk, remark, carrier_name in lines}
