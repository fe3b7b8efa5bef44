from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.grams import dress
from qunying.judgement.patterns import find_contacts, read_contacts
from qunying.judgement.patterns.reading import threshold

ANYTHING = st.text(
    st.one_of(st.characters(codec=None), st.sampled_from(list("加微信vxqQ扣1一2@ ❤+abc私我.口:"))), max_size=80
)


@pytest.mark.parametrize(
    ("text", "kind", "handle"),
    [
        ("加v abc123", "wechat", "abc123"),
        ("薇❤：demo_note", "wechat", "demo_note"),
        ("威❤信 a1b2c3d", "wechat", "a1b2c3d"),
        ("VX:demo88", "wechat", "demo88"),
        ("卫星 abc12345", "wechat", "abc12345"),
        ("微-信 abc12345", "wechat", "abc12345"),
        ("加 v ａｂｃ１２３", "wechat", "abc123"),
        ("weixin: demo123", "wechat", "demo123"),
        ("佳喂：sx111505可越", "wechat", "sx111505"),
        ("加微.信mei93008", "wechat", "mei93008"),
        ("+嶶360752391", "wechat", "360752391"),
        ("出猫，看图加❤ demo_cat66", "wechat", "demo_cat66"),
        ("QQ 12345678", "qq", "12345678"),
        ("扣扣：7.5.9.3.3.3.0.1.8", "qq", "759333018"),
        ("QQ一二三四五六七", "qq", "1234567"),
        ("扣 壹贰叁肆伍陆", "qq", "123456"),
        ("1665977823QQ", "qq", "1665977823"),
        ("75-275-36-36-企-0鹅", "qq", "752753636"),
        ("13812345678", "phone", "13812345678"),
        ("138-1234-5678", "phone", "13812345678"),
        ("电话 一三八 一二三四 五六七八", "phone", "13812345678"),
        ("①③⑧⑧⑧⑧⑧⑧⑧⑧⑧", "phone", "13888888888"),
        ("+1 415 555 2671", "phone", "+14155552671"),
        ("联系:@abc_def", "telegram", "abc_def"),
        ("飞机：AGZL388", "telegram", "agzl388"),
        ("看 t.me/abc", "telegram", "abc"),
        ("邀请码 AB12CD", "code", "ab12cd"),
        ("兮 ＦＴＡ６８９", "other", "fta689"),
        ("加小助手demo_book3", "other", "demo_book3"),
        ("懂的滴滴我", "invitation", ""),
    ],
)
def test_a_handle_is_found_and_written_plainly_when_disguised(text: str, kind: str, handle: str) -> None:
    assert [(hit.kind, hit.handle) for hit in find_contacts(text)] == [(kind, handle)]


@pytest.mark.parametrize(
    "text",
    [
        "加油",
        "v5",
        "qq群里说",
        "我微信没收到",
        "价格 12345678",
        "订单号 20210304123",
        "学号 20210304",
        "2026-11-27",
        "加我一个",
        "别加我",
        "微信支付怎么用",
        "微信8.0.50",
        "因为新版本12345",
        "qq飞车",
        "飞机票 3000",
        "+1",
        "10000加15000",
        "3.1415926535897932",
        "单号 13812345678901",
        "@小明 你好",
        "@jason_lee 看一下",
        "wx小程序",
        "微信android版",
        "手机号怎么改",
        "口令红包",
        "版本v1234567",
        "ID:22555672",
        "加薪",
        "加微博",
        "第12345678号",
        "扣15分",
        "扣除12345678",
        "2025年12月31日 08:30",
        "二〇二六年一月",
        "140 140 135 56 8",
    ],
)
def test_ordinary_talk_has_no_handle_when_read(text: str) -> None:
    assert find_contacts(text) == ()


def test_disguises_are_counted_when_letters_are_written_as_others() -> None:
    plain, hidden = find_contacts("vx:demo88")[0], find_contacts("ｖｘ：ｄｅｍｏ８８")[0]
    assert (plain.disguises, hidden.disguises) == (0, 8)


def test_the_verdict_holds_for_a_handle_and_not_for_one_told_to_who_asked() -> None:
    assert read_contacts("想要资料的加v：demo_note9").probability > threshold()
    assert read_contacts("@小李 我电话13812345678，到了打我").probability < threshold()
    assert read_contacts("早上好").probability == 0.0
    text = "加v：demo_note9"
    assert read_contacts(text, dress(text)) == read_contacts(text)


def test_the_end_of_a_very_long_text_is_read_when_the_handle_stands_there() -> None:
    text = "好" * 50_000 + "加v：demo_note9"
    (hit,) = read_contacts(text, dress(text)).hits
    assert text[slice(*hit.span)] == "加v：demo_note9"


@given(ANYTHING)
def test_every_hit_is_a_piece_of_the_text_when_anything_is_read(text: str) -> None:
    told = read_contacts(text)
    assert 0 <= told.probability <= 1
    for hit in told.hits:
        assert 0 <= hit.span[0] < hit.span[1] <= len(text)
        assert 0 < hit.certainty <= 1
