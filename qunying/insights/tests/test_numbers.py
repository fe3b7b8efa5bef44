"""Tables of numbers from outside: what is taken, what is left out and why."""

from __future__ import annotations

from datetime import date

import pytest

from qunying.communities.actions_numbers import NewTally
from qunying.communities.chains import Link, LinkKind
from qunying.insights.kpis.reading import MOST_ROWS, find_link_told, read_numbers
from qunying.kernel.errors import BadUse

TODAY = date(2024, 3, 5)
ADVERT = Link(1, LinkKind.ADVERT, "", "numbers", "times", is_ours=False)
LIVE = Link(2, LinkKind.ACCOUNT, "视频号", "numbers", "people", is_ours=False)
HERE = Link(3, LinkKind.COMMUNITY, "", "joined", "people", is_ours=True)
SHOP = Link(4, LinkKind.PAY, "小店", "webhook", "people", is_ours=False)
LINKS = (ADVERT, LIVE, HERE, SHOP)


def said(*lines: str, header: str = "日期,环节,数量,分数") -> bytes:
    return "\n".join([header, *lines]).encode()


def whys(data: bytes) -> list[tuple[int, str]]:
    return [(one.line, str(one.why)) for one in read_numbers(data, LINKS, TODAY).wrong]


def test_numbers_of_links_scores_and_costs_are_read_when_a_row_is_whole() -> None:
    found = read_numbers(
        said(
            '2024-03-01,看到广告,"1,200",',
            "2024/3/2,视频号,88,",
            "2024年3月2日,满意度,6,5",
            "2024-03-02,NPS,3,10",
            "2024-03-02,满意度问了,20,",
            "2024-03-02,花费,￥300.50,",
            "2024-03-02,花费,USD 12,",
        ),
        LINKS,
        TODAY,
    )
    assert found.wrong == ()
    assert found.numbers == (
        NewTally("link:1", date(2024, 3, 1), 1200),
        NewTally("link:2", date(2024, 3, 2), 88),
        NewTally("score:satisfaction:5", date(2024, 3, 2), 6),
        NewTally("score:nps:10", date(2024, 3, 2), 3),
        NewTally("asked:satisfaction", date(2024, 3, 2), 20),
        NewTally("cost:CNY", date(2024, 3, 2), 3_005_000),
        NewTally("cost:USD", date(2024, 3, 2), 120_000),
    )


def test_every_row_that_cannot_be_taken_is_told_with_its_line_and_why() -> None:
    assert whys(
        said(
            "2024-03-01,不存在的环节,1,",
            "2024-13-01,视频号,1,",
            "2024-03-06,视频号,1,",
            "2024-03-01,视频号,-1,",
            "2024-03-01,视频号,1.5,",
            "2024-03-01,满意度,1,6",
            "2024-03-01,NPS,1,",
            "2024-03-01,视频号,1,5",
            "2024-03-01,进社群,1,",
            "2024-03-01,小店,1,",
            "2024-03-01,花费,很多,",
            "",
            "2024-03-01,视频号,7,",
            "2024-03-01,视频号,8,",
            "2024-03-01",
        )
    ) == [
        (2, "运营链上没有「不存在的环节」这个环节，也不是满意度、NPS 或花费"),
        (3, "日期读不懂；写成 2024-03-01 这样"),
        (4, "日期还没到"),
        (5, "数量要是 0 或更大的整数"),
        (6, "数量要是 0 或更大的整数"),
        (7, "分数要是 1 到 5 的整数"),
        (8, "分数要是 0 到 10 的整数"),
        (9, "只有满意度和 NPS 才写分数"),
        (10, "「进社群」这个环节不是按导入的数字数的；先在运营链上改成「导入的数字」"),
        (11, "「小店」这个环节不是按导入的数字数的；先在运营链上改成「导入的数字」"),
        (12, "金额读不懂；写成 1299.00 或 USD 30 这样，不能是负数"),
        (15, "和第 14 行说的是同一天同一项，数却不一样"),
        (16, "运营链上没有「」这个环节，也不是满意度、NPS 或花费"),
    ]


def test_the_same_row_twice_counts_once_and_is_told() -> None:
    found = read_numbers(said("2024-03-01,视频号,7,", "2024-03-01,视频号,7,"), LINKS, TODAY)
    assert (len(found.numbers), found.repeated, found.wrong) == (1, 1, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_when_a_spreadsheet_wrote_it(encoding: str) -> None:
    data = "日期\t环节\t数量\r\n2024-03-01\t视频号\t7\r\n".encode(encoding)
    assert read_numbers(data, LINKS, TODAY).numbers == (NewTally("link:2", date(2024, 3, 1), 7),)


def test_english_words_mean_the_same() -> None:
    rows = ("2024-03-01,advert,5", "2024-03-02,Video account,3", "2024-03-01,satisfaction,2")
    found = read_numbers(said(*rows, header="date,link,count"), LINKS, TODAY)
    assert found.numbers == (NewTally("link:1", date(2024, 3, 1), 5), NewTally("link:2", date(2024, 3, 2), 3))
    assert [str(one.why) for one in found.wrong] == ["分数要是 1 到 5 的整数"]


def test_a_file_is_refused_when_it_is_no_such_table() -> None:
    for data in (b"", b"\x00\x01\x02", "日期,数量\n2024-03-01,7".encode()):
        with pytest.raises(BadUse, match="第一行要有这几列"):
            read_numbers(data, LINKS, TODAY)
    with pytest.raises(BadUse, match="最多"):
        read_numbers(said(*["2024-03-01,视频号,7,"] * (MOST_ROWS + 1)), LINKS, TODAY)
    with pytest.raises(BadUse, match="文件太大"):
        read_numbers(b"x" * (2 * 2**20 + 1), LINKS, TODAY)


def test_two_links_of_one_name_are_told_apart_before_numbers_are_taken() -> None:
    twice = (*LINKS, Link(9, LinkKind.ACCOUNT, "视频号", "numbers", "people", is_ours=False))
    (wrong,) = read_numbers(said("2024-03-01,视频号,7,"), twice, TODAY).wrong
    assert str(wrong.why) == "有几个环节都叫「视频号」，先给它们起不同的名字"
    assert find_link_told(twice, "视频号") is None


def test_a_program_may_tell_of_links_whose_numbers_come_from_outside() -> None:
    assert find_link_told(LINKS, "小店") == SHOP
    assert find_link_told(LINKS, "account") is None
    assert find_link_told(LINKS, "进社群") is None
