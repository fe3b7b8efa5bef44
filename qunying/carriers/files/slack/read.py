"""A Slack workspace: ``users.json``, lists of channels, and ``<channel>/<day>.json``, each an array of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..formats import Choices
from ..jsonstream import Found, read_items
from ..jsonvalues import as_map, as_ref, as_text
from ..records import ChatStarts, Record, Skipped
from ..sources import Source, Tree
from .message import Workspace, tell_message
from .people import person_of_user

_DAY_FILE = re.compile(r"\d{4}-\d\d-\d\d\.json")
_LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
_PRIVATE_LISTS = frozenset({"dms.json", "mpims.json"})
_TS = re.compile(r'"ts"\s*:\s*"\d{9,11}\.\d{1,6}"')


def detect(head: str) -> int:
    """One day of one channel, on its own."""
    return 75 if head.lstrip().startswith("[") and _TS.search(head) and '"type"' in head else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """One day file without its workspace: people are known by their ids only, unless messages name them."""
    folder = source.name.rsplit("/", 2)[-2] if "/" in source.name else ""
    yield ChatStarts(name=choices.chat_name or folder, platform="slack")
    yield from _read_day(source, Workspace())


def claim_workspace(tree: Tree) -> tuple[Source, ...]:
    """``users.json`` or ``channels.json``, the day files in the folders beside it, and the other lists."""
    root = _root(tree)
    if root is None:
        return ()
    claimed = []
    for source in tree.sources:
        steps = source.name.removeprefix(root).split("/") if source.name.startswith(root) else []
        is_list = len(steps) == 1 and steps[0].endswith(".json")
        if is_list or (len(steps) == 2 and _DAY_FILE.fullmatch(steps[1])):
            claimed.append(source)
    return tuple(claimed)


def read_workspace(tree: Tree, choices: Choices) -> Iterator[Record]:
    """Channel after channel, each in the order of its days; ``place`` counts the messages of one day file."""
    root = _root(tree) or ""
    workspace = Workspace()
    yield from _meet_users(tree, root, workspace)
    channels = dict(_channels(tree, root))
    folders = dict.fromkeys(_folder(source, root) for source in tree.sources if _is_day(source, root))
    workspace.channels = {chat.ref: chat.name for chat in channels.values() if chat.ref}
    for folder in folders:
        yield channels.get(folder, ChatStarts(name=folder, platform="slack", is_one_of_many=True))
        for source in tree.below(f"{root}{folder}"):
            if _is_day(source, root):
                yield from _read_day(source, workspace)


def _root(tree: Tree) -> str | None:
    """The folder of the export inside of the tree, which a zip may wrap in another folder."""
    for source in tree.sources:
        folder, _, name = source.name.rpartition("/")
        root = f"{folder}/" if folder else ""
        if name in {"users.json", "channels.json"} and any(_is_day(other, root) for other in tree.sources):
            return root
    return None


def _is_day(source: Source, root: str) -> bool:
    steps = source.name.removeprefix(root).split("/")
    return source.name.startswith(root) and len(steps) == 2 and _DAY_FILE.fullmatch(steps[1]) is not None


def _folder(source: Source, root: str) -> str:
    return source.name.removeprefix(root).split("/")[0]


def _meet_users(tree: Tree, root: str, workspace: Workspace) -> Iterator[Skipped]:
    source = tree.find(f"{root}users.json")
    if source is None:
        return
    for found in read_items(source, "item"):
        if isinstance(found, Skipped):
            yield _placed(found, source)
            continue
        user = as_map(found.value)
        ref = as_ref(user.get("id"))
        if ref is not None:
            workspace.people[ref] = person_of_user(user, ref)


def _channels(tree: Tree, root: str) -> Iterator[tuple[str, ChatStarts]]:
    """Folder → chat. Conversations of two or a few people lie in folders named by their id."""
    for name in _LISTS:
        source = tree.find(f"{root}{name}")
        for found in read_items(source, "item") if source else ():
            channel = as_map(found.value) if isinstance(found, Found) else {}
            ref = as_ref(channel.get("id")) or ""
            title = as_text(channel.get("name")) or ref
            is_private = name in _PRIVATE_LISTS
            yield title, ChatStarts(name=title, ref=ref, platform="slack", is_private=is_private, is_one_of_many=True)


def _read_day(source: Source, workspace: Workspace) -> Iterator[Record]:
    for found in read_items(source, "item"):
        record = found if isinstance(found, Skipped) else tell_message(found.value, found.place, workspace)
        yield _placed(record, source) if isinstance(record, Skipped) else record


def _placed(skipped: Skipped, source: Source) -> Skipped:
    """Many files make one export: the sample says which one."""
    return Skipped(reason=skipped.reason, place=skipped.place, sample=f"{source.name}: {skipped.sample}"[:120])
