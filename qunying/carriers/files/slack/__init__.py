"""A Slack workspace export: a folder or zip with a folder per channel and a file per day."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import claim_workspace, detect, read, read_workspace

FORMAT = Format(
    name="slack",
    title=mark("Slack（工作区导出）"),
    detect=detect,
    read=read,
    claims=claim_workspace,
    read_tree=read_workspace,
)
