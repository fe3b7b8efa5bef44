"""Who answers whom in a room where several talks run at once: ``Threads().place(line)``, one pass, live."""

from qunying.judgement.jsonlines import BadLine
from qunying.judgement.threads.conversations import Conversation, Turn, converse
from qunying.judgement.threads.lines import Line, Placed
from qunying.judgement.threads.stream import read_lines, run
from qunying.judgement.threads.threads import Threads

__all__ = ["BadLine", "Conversation", "Line", "Placed", "Threads", "Turn", "converse", "read_lines", "run"]
