"""YAML whose mappings know their lines, so that every complaint names one. Scalars are strings, as promised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from qunying.kernel.errors import BadUse


class Lined(dict[str, Any]):
    """A mapping with the line it begins on."""

    line: int = 0


class _Loader(yaml.BaseLoader):
    pass


class _Plain(_Loader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise BadUse("an alias (*) stands for something written elsewhere: write it out")
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Lined:
    values = Lined()
    values.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise BadUse(f"line {key_node.start_mark.line + 1}: a key is words, not a list or mapping")
        if key in values:
            raise BadUse(f"line {key_node.start_mark.line + 1}: {key!r} is given twice")
        values[key] = loader.construct_object(value_node, deep=True)
    return values


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(path: Path, what: str = "a drill is a mapping that begins with «drill: 1»") -> Lined:
    """The mapping of a YAML file, ``what`` it is to be. Raises ``BadUse`` with file and line for anything else."""
    try:
        return loads(path.read_bytes(), what)
    except BadUse as error:
        raise BadUse(f"{path}: {error}") from error
    except OSError as error:
        raise BadUse(f"{path}: {error.strerror}") from error


def loads(content: bytes, what: str, *, aliases: bool = True) -> Lined:
    """The same of what a file holds. Raises ``BadUse`` with the line.

    Without ``aliases`` nothing may stand for something written elsewhere: ten lines of those can mean more than fits anywhere.
    """
    try:
        words = yaml.load(content.decode(), Loader=_Loader if aliases else _Plain)  # noqa: S506 - BaseLoaders: only strings
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadUse(" ".join(str(error).split())) from error
    except RecursionError as error:
        raise BadUse("lists within lists without end") from error
    if not isinstance(words, Lined):
        raise BadUse(f"line 1: {what}")
    return words


def check_keys(words: Lined, known: set[str], what: str) -> None:
    """Raises ``BadUse`` naming the line and the first key that ``what`` does not have."""
    for key in words:
        if key not in known:
            raise BadUse(f"line {words.line}: {what} has no {key!r}; known: {', '.join(sorted(known))}")


def need(words: Lined, key: str, what: str) -> Any:
    """The value of a key that must be there."""
    if key not in words:
        raise BadUse(f"line {words.line}: {what} needs {key!r}")
    return words[key]
