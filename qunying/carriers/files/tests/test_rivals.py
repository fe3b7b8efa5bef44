"""Formats that look alike: which of two claims a file. Here and not in their folders, because formats do not know each other."""

from __future__ import annotations

from qunying.carriers.files.signal import FORMAT as SIGNAL
from qunying.carriers.files.whatsapp import FORMAT as WHATSAPP


def test_signal_wins_over_whatsapp_only_when_the_header_has_a_comma_and_no_seconds() -> None:
    signal, whatsapp = "[2019-12-24, 12:23] A: x\n", "[2019-12-24, 12:23:05] A: x\n"
    assert SIGNAL.detect(signal) > WHATSAPP.detect(signal)
    assert SIGNAL.detect(whatsapp) == SIGNAL.detect("[2019-04-16 02:09] A: x\n") == 0
