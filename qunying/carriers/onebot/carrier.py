"""QQ as a carrier: groups of real people, through a OneBot 11 implementation that its operator runs.

The platform is ``qq``, as in files of QQ's past: a group and its members are the same before and after they are live.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from qunying.carriers.base import Carrier, Tempo
from qunying.carriers.onebot.acts import DOES
from qunying.carriers.onebot.parse import parse
from qunying.carriers.onebot.pictures import open_picture
from qunying.carriers.onebot.standby import listening
from qunying.carriers.wire.feed import fetching
from qunying.carriers.wire.switchboard import sending
from qunying.kernel.texts import mark

NAME = "qq"

QQ = Carrier(
    name=NAME,
    title=mark("QQ"),
    parse=parse,
    send=sending(NAME),
    fetch=listening(NAME, fetching(NAME)),
    does=DOES,
    open_picture=partial(open_picture, NAME),
    tempo=Tempo(acts_a_minute=60, rest=timedelta(seconds=1)),
    has_lines=True,
)
