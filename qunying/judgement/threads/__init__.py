"""Who answers whom in a room where several talks run at once: ``Threads().place(line)``, one pass, live."""

from qunying.judgement.jsonlines import BadLine
from qunying.judgement.threads.conversations import Turn, waiting
from qunying.judgement.threads.lines import Line, Placed
from qunying.judgement.threads.stream import read_lines, run
from qunying.judgement.threads.threads import Threads

__all__ = ["BadLine", "Line", "Placed", "Threads", "Turn", "read_lines", "run", "waiting"]
