"""The carriers that have lines, and how each makes them; known only to the process that holds the lines."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qunying.carriers.matrix.carrier import MATRIX
from qunying.carriers.matrix.line import Line as MatrixLine
from qunying.carriers.onebot.carrier import QQ
from qunying.carriers.onebot.wiring import wire_up as wire_up_qq
from qunying.carriers.wire.gateway import Wiring

WIRINGS: Mapping[str, Wiring] = MappingProxyType({QQ.name: wire_up_qq(), MATRIX.name: Wiring(MatrixLine)})
