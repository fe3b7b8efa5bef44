"""QQChatExporter: ``{metadata, chatInfo, messages}``; versions 4 and 5 name the fields of a message differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..formats import Choices
from ..jsonstream import Found, read_header, read_items, read_json_lines
from ..jsonvalues import as_list, as_map, as_ref, as_text, first_text
from ..records import ChatStarts, PersonRef, Record, Skipped
from ..sources import Source, Tree
from .message import People, tell_message

MANIFEST = "manifest.json"


def detect(head: str) -> int:
    """Certain by the tool's name or by ``chatInfo`` with ``metadata``; likely for one chunk on its own."""
    if '"chatInfo"' in head and ('"metadata"' in head or '"messages"' in head):
        return 95
    if head.lstrip().startswith("{") and all(key in head for key in ('"sender"', '"uid"', '"content"', '"recalled"')):
        return 70
    return 90 if "QQChatExporter" in head[:4000] and head.lstrip().startswith("{") else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """One document, or one chunk of lines without its manifest."""
    if '"chatInfo"' not in (head := source.head().decode(source.encoding, "replace")) and '"messages"' not in head:
        yield ChatStarts(name=choices.chat_name, platform="qq")
        yield from _records(read_json_lines(source), People())
        return
    info = as_map(read_header(source, "chatInfo").get("chatInfo"))
    yield _chat(info, choices)
    if '"messages"' not in head and '"chunked"' in head:  # a manifest brought without its folder
        for name in _chunk_names(read_header(source, "chunked")) or [""]:
            yield Skipped(reason="not_readable", place=0, sample=name)
        return
    yield from _records(read_items(source, "messages.item"), People(me=_exporter(info)))


def claim_chunked(tree: Tree) -> tuple[Source, ...]:
    """The manifest of the first chunked export of the tree, and its chunks."""
    for source in tree.sources:
        if source.name.rsplit("/", 1)[-1] == MANIFEST and _is_manifest(source):
            folder = source.name[: -len(MANIFEST)]
            return (source, *_chunks(tree, folder, read_header(source, "chunked")))
    return ()


def read_chunked(tree: Tree, choices: Choices) -> Iterator[Record]:
    """The chunks in the order of the manifest. A chunk that is missing is told as ``not_readable``."""
    manifest = next((source for source in tree.sources if source.name.rsplit("/", 1)[-1] == MANIFEST), None)
    if manifest is None:
        return
    header = read_header(manifest, "chatInfo", "chunked")
    info = as_map(header.get("chatInfo"))
    folder = manifest.name[: -len(MANIFEST)]
    people = People(me=_exporter(info))
    yield _chat(info, choices)
    for missing in _missing_chunks(tree, folder, header):
        yield Skipped(reason="not_readable", place=0, sample=missing)
    for chunk in _chunks(tree, folder, header):
        is_lines = not chunk.head(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")
        yield from _records(read_json_lines(chunk) if is_lines else read_items(chunk, "item"), people)


def _records(rows: Iterable[Found | Skipped], people: People) -> Iterator[Record]:
    for row in rows:
        yield row if isinstance(row, Skipped) else tell_message(row.value, row.place, people)


def _chat(info: dict[str, object], choices: Choices) -> ChatStarts:
    return ChatStarts(
        name=as_text(info.get("name")) or choices.chat_name,
        ref=as_ref(info.get("peerUin")) or as_ref(info.get("peerUid")) or "",
        platform="qq",
        is_private=as_text(info.get("type")) not in {"group", ""},
    )


def _exporter(info: dict[str, object]) -> PersonRef | None:
    ref = as_ref(info.get("selfUin")) or as_ref(info.get("selfUid"))
    name = as_text(info.get("selfName"))
    return PersonRef(name or ref or "", ref) if name or ref else None


def _is_manifest(source: Source) -> bool:
    return "chunked" in read_header(source, "chunked")


def _chunk_names(header: dict[str, object]) -> list[str]:
    """The file names the manifest lists, goes_together it calls that field."""
    chunked = as_map(header.get("chunked"))
    extension = first_text(chunked, "chunkFileExt") or ".jsonl"
    names = []
    for chunk in as_list(chunked.get("chunks")):
        texts = [as_text(chunk), *(as_text(value) for value in as_map(chunk).values())]
        names += [text.rsplit("/", 1)[-1] for text in texts if text.endswith(extension)][:1]
    return names


def _chunk_folder(folder: str, header: dict[str, object]) -> str:
    return f"{folder}{(first_text(as_map(header.get('chunked')), 'chunksDir') or 'chunks').strip('./')}/"


def _chunks(tree: Tree, folder: str, header: dict[str, object]) -> tuple[Source, ...]:
    """Listed chunks in their order, then any that lie beside them unlisted."""
    beside = {source.name.rsplit("/", 1)[-1]: source for source in tree.below(_chunk_folder(folder, header))}
    listed = [name for name in _chunk_names(header) if name in beside]
    extra = [name for name in beside if name not in listed and name.endswith((".jsonl", ".json", ".ndjson"))]
    return tuple(beside[name] for name in [*dict.fromkeys(listed), *extra])


def _missing_chunks(tree: Tree, folder: str, header: dict[str, object]) -> list[str]:
    beside = {source.name.rsplit("/", 1)[-1] for source in tree.below(_chunk_folder(folder, header))}
    return [name for name in _chunk_names(header) if name not in beside]
