"""The journal is read as of one moment, whatever others do to it meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.journal import queries
from qunying.journal.actions import do_forget_facts, do_record_facts, do_seal
from qunying.journal.models import Fact as Row
from qunying.kernel.facts import Fact
from tests import cast
from tests.concurrency.threads import together


@pytest.mark.django_db(transaction=True)
def test_no_chain_looks_torn_when_its_community_is_removed_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        at = cast.TUESDAY + timedelta(seconds=number)
        do_record_facts([Fact(name="demo.removed", at=at, community_id=7, key=f"fact:{number}", actor="system")])
        do_seal(at)
    read = queries._flaws_of_fact
    removed: list[object] = []

    def read_slowly(fact: Row, personal: object) -> object:
        if not removed:
            removed.append(together(cast.TUESDAY, lambda: do_forget_facts([7], 1000)))
        return read(fact, personal)

    monkeypatch.setattr(queries, "_flaws_of_fact", read_slowly)
    assert list(queries.find_flaws()) == []
    assert removed
    assert not Row.objects.filter(community_id=7).exists()
