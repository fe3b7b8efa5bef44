"""The people of the demo world who have a name in every run: the staff, and the members the screens tell about."""

from __future__ import annotations

from typing import NamedTuple

from qunying.carriers.sandbox.demo.folk import Role


class Colleague(NamedTuple):
    """A member of staff; `communities` empty means all of them."""

    name: str
    card: str
    role: Role
    duty: str
    communities: tuple[str, ...] = ()

    def serves(self, community: str) -> bool:
        """Whether this colleague sits in the groups of the community."""
        return not self.communities or community in self.communities


class Regular(NamedTuple):
    """A member with a told story; `seats` are (group ref, days between joining and the anchor), home first."""

    name: str
    city: str
    job: str
    card: str
    talk: float
    seats: tuple[tuple[str, int], ...]

    @property
    def home(self) -> str:
        """The group this member belongs to first."""
        return self.seats[0][0]


STAFF: tuple[Colleague, ...] = (
    Colleague("林晚", "青禾-运营-林晚", "owner", "运营"),
    Colleague("许放", "青禾-秩序-许放", "admin", "秩序"),
    Colleague("程野", "青禾-茶桌-程野", "admin", "茶桌和共品", ("tea",)),
    Colleague("江沅", "青禾-领读-江沅", "admin", "领读", ("read",)),
    Colleague("何苗", "青禾-营养-何苗", "admin", "菜单和售后", ("light",)),
    Colleague("叶知秋", "青禾-课程-叶知秋", "admin", "体验课", ("trial",)),
)

# The first three of the carried group hold most of its talk, in this order.
REGULARS: tuple[Regular, ...] = (
    Regular("老周", "杭州", "茶艺师", "杭州-茶艺师-老周", 4.0, (("hz-tea-03", 420),)),
    Regular("阿茗", "杭州", "编辑", "杭州-编辑-阿茗", 4.0, (("hz-tea-03", 260),)),
    Regular("陆小满", "杭州", "花艺", "杭州-花艺-陆小满", 4.0, (("hz-tea-03", 330),)),
    Regular("苏念", "杭州", "设计", "杭州-设计-苏念", 2.5, (("hz-tea-03", 190),)),
    Regular("桥西", "杭州", "摄影", "杭州-摄影-桥西", 1.2, (("hz-tea-03", 96),)),
    Regular("简一", "杭州", "程序员", "杭州-程序员-简一", 1.5, (("hz-tea-03", 150),)),
    Regular("禾生", "杭州", "教师", "", 1.0, (("hz-tea-03", 3),)),
    Regular(
        "安安",
        "杭州",
        "产品经理",
        "杭州-在职-产品经理",
        2.5,
        (("hz-read-07", 20), ("hz-tea-03", 110), ("read-alumni", 90)),
    ),
    Regular("许知夏", "杭州", "人事", "杭州-在职-人事-许知夏", 3.0, (("hz-read-07", 75),)),
    Regular("何以安", "杭州", "营养师", "杭州｜营养师｜何以安", 1.0, (("trial-3", 30),)),
)
