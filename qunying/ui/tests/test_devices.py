from __future__ import annotations

import pytest

from qunying.ui.devices import tell_device

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome · Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox · macOS"),
        (f"Mozilla/5.0 (Linux; Android 14) {CHROME} Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
        ("curl/8.5.0", "curl"),
        ("我的机器人 1.0" + "长" * 80, "我的机器人 1.0" + "长" * 51),
        ("  ", "没有说自己是什么浏览器"),
    ],
)
def test_a_device_is_told_as_its_owner_calls_it_when_it_says_what_it_is(said: str, told: str) -> None:
    assert tell_device(said) == told
