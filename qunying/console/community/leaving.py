"""Why people left a community: the shares by reason, and a table that says it of many at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qunying.communities.access import Permission
from qunying.communities.queries_chain import About
from qunying.console.community.access import community_page
from qunying.console.community.context import Head, ImportedNumbers, WrongLine
from qunying.console.community.words import tell_part
from qunying.console.sheets_told import tell_other_sheets
from qunying.console.show import show
from qunying.insights.kpis.board import get_board
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.leaving_table import ReadWhys, do_read_whys
from qunying.ui.figures import exact, percent

DAYS = 28
WRONG_SHOWN = 50
KPI = "leave_rate"


@dataclass(frozen=True, slots=True)
class WhyShare:
    """How many went for one reason, and which part of all who left that is."""

    name: str
    share: str
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftPage:
    """Why people left a community."""

    head: Head = field(metadata={"help": "社群，和这个人在这里能做什么"})
    title: str = field(metadata={"help": "一句话的答案"})
    shares: tuple[WhyShare, ...] = field(metadata={"help": "每种原因"})
    error: str = field(metadata={"help": "传上来的表为什么读不了"})
    imported: ImportedNumbers | None = field(metadata={"help": "刚读的表的结果"})


@require_http_methods(["GET", "HEAD", "POST"])
@community_page(Permission.DECIDE)
def page(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """The shares by reason; with POST a table is read."""
    error, imported = "", None
    if request.method == "POST":
        try:
            imported = _imported(_do_read(request, head.id))
        except BadUse as wrong:
            error = wrong.said(_)
    title, shares = _shares(about)
    context = LeftPage(head=head, title=title, shares=shares, error=error, imported=imported)
    return show(request, "console/community/left.html", context, status=422 if error else 200)


def _do_read(request: HttpRequest, community_id: int) -> ReadWhys:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise BadUse(mark("先选一个文件"))
    tell_other_sheets(request, sent)
    return do_read_whys(sent.read(), community_id, source=sent.name or "", user_id=request.user.pk or 0, at=clock.now())


def _imported(read: ReadWhys) -> ImportedNumbers:
    title = ngettext("新写下 %(n)s 个人为什么走", "新写下 %(n)s 个人为什么走", read.new) % {"n": exact(read.new)}
    known = ngettext("%(n)s 个早就这样写着", "%(n)s 个早就这样写着", read.known) % {"n": exact(read.known)}
    wrong = tuple(WrongLine(one.line, one.text, one.why.said(_)) for one in read.wrong[:WRONG_SHOWN])
    return ImportedNumbers(title, (known,) if read.known else (), wrong, max(0, len(read.wrong) - WRONG_SHOWN))


def _shares(about: About) -> tuple[str, tuple[WhyShare, ...]]:
    (line,) = (line for line in get_board(about.id, DAYS, clock.now()).kpis if line.kpi.name == KPI)
    parts = [(code, amount) for code, amount in line.now.parts if code != "left_by_themselves" and amount]
    left = sum(amount for _code, amount in parts)
    shares = tuple(
        WhyShare(tell_part(line.kpi, code, amount), percent(amount / left), 100 * amount / left)
        for code, amount in sorted(parts, key=lambda part: -part[1])
    )
    return _title(int(left), dict(parts)), shares


def _title(left: int, parts: dict[str, float]) -> str:
    if not left:
        return _("近 28 天没有人离开")
    known = left - int(parts.get("why:unknown", 0))
    words = ngettext(
        "近 28 天走了 %(n)s 人，%(known)s 人知道为什么", "近 28 天走了 %(n)s 人，%(known)s 人知道为什么", left
    )
    return words % {"n": exact(left), "known": exact(known)}
