"""Everything the templates about the people who carry a community receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.forms import BoundField, Form

from qunying.console.seeds.head import SeedsHead
from qunying.ui.charts import Layer
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class PartCell:
    """One part of somebody's score: the number behind it, how full it is, how many points it gave."""

    name: str
    figure: str
    part: float
    points: str


@dataclass(frozen=True, slots=True)
class SeedRow:
    """Somebody in the ranking."""

    rank: int
    person_id: int
    name: str
    href: str
    rung: str
    list_name: str
    list_href: str
    score: str
    reason: str
    parts: tuple[PartCell, ...]
    moments: tuple[PartCell, ...]


@dataclass(frozen=True, slots=True)
class RankingPage:
    """Who carries the community."""

    head: SeedsHead = field(metadata={"help": "社群、标签页，和这个人在这里能做什么"})
    title: str = field(metadata={"help": "一句话的答案"})
    how: str = field(metadata={"help": "怎么算的"})
    how_platform: str = field(metadata={"help": "平台那一项怎么算"})
    founded_by: str = field(metadata={"help": "成立的日子是从哪里来的"})
    weighed: str = field(metadata={"help": "各项的分量"})
    rows: tuple[SeedRow, ...] = field(metadata={"help": "排名的一页"})
    columns: tuple[str, ...] = field(metadata={"help": "群里各项的名字"})
    moments: tuple[str, ...] = field(metadata={"help": "平台三个时段的名字；没有平台数据就没有"})
    pages: Pages = field(metadata={"help": "页码"})
    top: int = field(metadata={"help": "一键放进名单的人数"})
    list_name: str = field(metadata={"help": "新名单的名字"})
    counted_at: datetime | None = field(metadata={"help": "什么时候数的；还没数就没有"})
    since: date | None = field(metadata={"help": "从哪天看起"})
    last: date | None = field(metadata={"help": "看到哪天"})
    founded_on: date | None = field(metadata={"help": "社群成立那天"})
    strangers: int = field(metadata={"help": "平台上有、群里没有的人"})
    is_counting: bool = field(metadata={"help": "正在等着重新数"})
    error: str = field(default="", metadata={"help": "没做成时说哪里不对"})


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One community to choose."""

    href: str
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Communities whose seed users can be seen."""

    homes: tuple[HomeLine, ...] = field(metadata={"help": "看得到的社群"})


@dataclass(frozen=True, slots=True)
class ListLine:
    """One shortlist."""

    id: int
    href: str
    name: str
    people: int
    made_at: datetime
    made_by: str
    talked: int
    planned: int


@dataclass(frozen=True, slots=True)
class ListsPage:
    """All shortlists of a community."""

    head: SeedsHead = field(metadata={"help": "社群"})
    lists: tuple[ListLine, ...] = field(metadata={"help": "名单，新的在前"})


@dataclass(frozen=True, slots=True)
class ListedRow:
    """Somebody on a shortlist: what they did before and since, and how far the private talk has come."""

    person_id: int
    name: str
    href: str
    added_at: datetime
    is_present: bool
    days: str
    openings: str
    days_part: float
    days_before_part: float
    change: str
    tone: str
    talk: str
    talk_tone: str
    talk_due: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """One shortlist: who is on it, what is planned, whether they stayed."""

    head: SeedsHead = field(metadata={"help": "社群"})
    id: int = field(metadata={"help": "名单"})
    name: str = field(metadata={"help": "名单的名字"})
    title: str = field(metadata={"help": "一句话的答案：留下了没有、起了多少话头"})
    how: str = field(metadata={"help": "怎么比的"})
    rows: tuple[ListedRow, ...] = field(metadata={"help": "名单上的人"})
    planned: int = field(metadata={"help": "安排了私聊的人"})
    talked: int = field(metadata={"help": "聊过的人"})
    is_dropped: bool = field(metadata={"help": "名单收起来了"})
    error: str = field(default="", metadata={"help": "没做成时说哪里不对"})
    typed: str = field(default="", metadata={"help": "没做成时写的名字"})


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one day of a plan comes to."""

    day: date
    talks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan of private talks before it is made."""

    head: SeedsHead = field(metadata={"help": "社群"})
    id: int = field(metadata={"help": "名单"})
    name: str = field(metadata={"help": "名单的名字"})
    form: Form = field(metadata={"help": "谁去聊、哪天起、每天几位"})
    new: int = field(metadata={"help": "会新开多少件待办"})
    known: int = field(metadata={"help": "早已安排过的人"})
    days: tuple[DayLine, ...] = field(metadata={"help": "哪天谁聊几位"})
    opening: str = field(metadata={"help": "开场白的样子"})


@dataclass(frozen=True, slots=True)
class InvitePage:
    """An invitation to the seed group before anybody is asked."""

    head: SeedsHead = field(metadata={"help": "社群"})
    id: int = field(metadata={"help": "名单"})
    name: str = field(metadata={"help": "名单的名字"})
    form: Form = field(metadata={"help": "请进哪个群"})
    group: str = field(metadata={"help": "那个群的名字；没选就是空的"})
    effects: int = field(metadata={"help": "进发件箱等点头的"})
    tasks: int = field(metadata={"help": "交给同事去请的"})
    there: int = field(metadata={"help": "已经在群里的"})
    asked: int = field(metadata={"help": "早已请过的"})


@dataclass(frozen=True, slots=True)
class StandingLine:
    """Somebody on a rung, or about to rise or fall."""

    name: str
    href: str
    told: str
    part: float = 0.0
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RungPanel:
    """One rung: what it takes, what one may do there, who stands on it."""

    code: str
    name: str
    needs: str
    may: str
    count: int
    people: tuple[StandingLine, ...]


@dataclass(frozen=True, slots=True)
class LadderPanel:
    """Who stands where in a community, and who is about to move."""

    title: str
    how: str
    parts: tuple[Layer, ...]
    rungs: tuple[RungPanel, ...]
    rising: tuple[StandingLine, ...]
    falling: tuple[StandingLine, ...]
    falling_count: int
    is_begun: bool


@dataclass(frozen=True, slots=True)
class LadderPage:
    """The promotion ladder of a community."""

    head: SeedsHead = field(metadata={"help": "社群"})
    ladder: LadderPanel = field(metadata={"help": "各级的人、快升的、快降的"})
    form: Form | None = field(metadata={"help": "改门槛的表单；没有权限就没有"})
    groups: tuple[tuple[str, tuple[str, ...]], ...] = field(metadata={"help": "表单里每一级的名字和字段"})
    error: str = field(default="", metadata={"help": "哪里不对"})


@dataclass(frozen=True, slots=True)
class WeightLine:
    """One part of the score: its field, what makes it full, its share of the whole."""

    field: BoundField
    full: str
    share: float


@dataclass(frozen=True, slots=True)
class WeightsPage:
    """How much each part counts, and when the community was founded."""

    head: SeedsHead = field(metadata={"help": "社群"})
    form: Form = field(metadata={"help": "各项的分量和成立的日子"})
    lines: tuple[WeightLine, ...] = field(metadata={"help": "每一项：写多少、怎样算满、占几成"})
    how: str = field(metadata={"help": "怎么算的"})
    how_platform: str = field(metadata={"help": "平台那一项怎么算"})
    how_notes: str = field(metadata={"help": "私聊那一项怎么算"})
    founded_on: date | None = field(metadata={"help": "现在按哪天算成立"})
    founded_by: str = field(metadata={"help": "成立的日子是从哪里来的"})
    strangers: tuple[tuple[str, int], ...] = field(metadata={"help": "平台上有、群里没有的人，做过多少件事"})
    strangers_count: int = field(metadata={"help": "一共多少这样的人"})
    members: int = field(metadata={"help": "平台上有记录的成员"})
