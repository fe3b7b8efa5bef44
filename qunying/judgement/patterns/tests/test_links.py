from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.patterns import find_links

ANYTHING = st.text(
    st.one_of(st.characters(codec=None), st.sampled_from(list("a1.。点:/@ 中国com\u200b🔥"))), max_size=60
)


@pytest.mark.parametrize(
    ("text", "address", "part"),
    [
        ("看 http://baidu.com/a?b=1。后面", "http://baidu.com/a?b=1", "http://baidu.com/a?b=1"),
        ("baidu。com", "http://baidu.com", "baidu。com"),
        ("官网d9623點com飛", "http://d9623.com", "d9623點com"),
        ("google dot com", "http://google.com", "google dot com"),
        ("baidu(dot)com", "http://baidu.com", "baidu(dot)com"),
        ("b a i d u . c o m", "http://baidu.com", "b a i d u . c o m"),
        ("ｂａｉｄｕ．ｃｏｍ", "http://baidu.com", "ｂａｉｄｕ．ｃｏｍ"),
        ("bai\u200bdu.com", "http://baidu.com", "bai\u200bdu.com"),
        ("baidu🔥.🔥com", "http://baidu.com", "baidu🔥.🔥com"),
        ("T。ME/Abc,", "http://t.me/Abc", "T。ME/Abc"),
        ("https://例子.中国/a", "https://xn--fsqu00a.xn--fiqs8s/a", "https://例子.中国/a"),
        ("例子.中国", "http://xn--fsqu00a.xn--fiqs8s", "例子.中国"),
        ("a.com:8080/x", "http://a.com:8080/x", "a.com:8080/x"),
        ("(hxxps://evil.top/x)", "https://evil.top/x", "hxxps://evil.top/x"),
        ("https://t.me/c/12?x=(1)了", "https://t.me/c/12?x=(1)", "https://t.me/c/12?x=(1)"),
        ("开云377kyty.net不黑", "http://377kyty.net", "377kyty.net"),
        ("http://1.2.3.4/x", "http://1.2.3.4/x", "http://1.2.3.4/x"),
        ("//t.me/LiJianPay", "http://t.me/LiJianPay", "//t.me/LiJianPay"),
    ],
)
def test_a_link_is_found_with_its_plain_address_when_written_so(text: str, address: str, part: str) -> None:
    assert [(link.address, text[slice(*link.span)]) for link in find_links(text)] == [(address, part)]


@pytest.mark.parametrize(
    "text",
    [
        "3.14",
        "e.g.",
        "v1.2.3",
        "report.pdf",
        "main.py",
        "看 src/main.rs 吧",
        "等等.我",
        "12.30",
        "￥19.9",
        "1.2.3.4",
        "Node.js",
        "ok.so what",
        "it is.me too",
        "i.e. this",
        "a.m. and p.m.",
        "下午3点cnn",
        "README.md",
        "vue.js",
        "build.sh",
        "done. it is",
        "5.8G",
        "见面点 com",
        "U.S.",
        "asp.net",
        "我很好。我爱你",
        "真的.在线等",
        "a.zip",
        "2点。top1",
    ],
)
def test_nothing_is_a_link_when_it_only_has_a_dot(text: str) -> None:
    assert find_links(text) == ()


def test_mail_is_of_its_own_kind_when_found() -> None:
    assert [(link.kind, link.address, link.host) for link in find_links("写信 a.b@qq.com")] == [
        ("email", "a.b@qq.com", "qq.com")
    ]


def test_short_and_disguised_links_say_so_when_found() -> None:
    assert find_links("bit.ly/3abc")[0].is_short
    assert not find_links("baidu.com")[0].is_short
    assert find_links("baidu。com")[0].is_disguised
    assert not find_links("Baidu.com")[0].is_disguised


@given(ANYTHING)
def test_every_link_is_a_piece_of_the_text_when_anything_is_read(text: str) -> None:
    for link in find_links(text):
        assert 0 <= link.span[0] < link.span[1] <= len(text)
        assert link.host in link.address
