"""What a play decided, to be compared with the same play elsewhere: what was done to whom and where, without when and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qunying.pipeline.drill.expect import deadline, judge
from qunying.pipeline.drill.play import play
from qunying.pipeline.drill.script import read_script
from qunying.pipeline.drill.seen import Seen
from qunying.pipeline.drill.worlds import fresh_world
from qunying.pipeline.roster import ROSTER

Decision = tuple[str, ...]
HERE = Path(__file__).resolve().parent


def decisions_of(seen: Mapping[str, Sequence[Seen]]) -> list[Decision]:
    """Effects, incidents, cases and tasks of a play, sorted."""
    return sorted(
        (
            place,
            one.kind,
            one.member,
            ",".join(sorted(one.members)),
            one.group,
            one.state,
            "warning" if one.is_warning else "",
        )
        for place, found in seen.items()
        for one in found
    )


def decided_on_the_sandbox(path: Path) -> list[Decision]:
    """The same drill where everything happens at once, in a world of its own."""
    with fresh_world():
        _, seen = judge(play(read_script(path, ROSTER), ROSTER, deadline))
    return decisions_of(seen)


def paths_of_drills() -> list[Path]:
    """Every drill, also the acceptance drills."""
    return sorted((HERE / "drills").glob("**/*.yaml"))
