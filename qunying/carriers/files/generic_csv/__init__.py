"""Any table of messages with a header row: CSV, TSV, or with another separator."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read, survey

FORMAT = Format(name="generic_csv", title=mark("表格 (CSV, TSV)"), detect=detect, read=read, survey=survey)
