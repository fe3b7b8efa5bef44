"""A rule as somebody wrote it, to be rehearsed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from qunying.communities.queries import infos_of_groups, staff_of
from qunying.kernel.capability import Capability, asked_fields
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import GroupScene, Mode
from qunying.kernel.texts import mark
from qunying.pipeline.drill.lined import Lined, load, loads
from qunying.pipeline.drill.typed import typed_settings
from qunying.pipeline.setting import scenes_of

DEFAULT = "order"
MOST_BYTES = 512 * 1024
IS_WHAT = "a rule is a mapping of settings, such as «ladder: links-twice»"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is tried: settings of one capability in place of those in force; what it does not name stays as it is."""

    capability: Capability
    title: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


def read_rule_file(path: Path, roster: Sequence[Capability]) -> Rule:
    """The rule of a YAML file. Raises ``BadUse`` with file, line and reason."""
    words = load(path, IS_WHAT)
    try:
        return _rule(words, path.parent, roster)
    except BadUse as error:
        raise BadUse(mark("%(path)s：%(why)s"), path=path, why=error) from error


def read_rules(content: bytes, roster: Sequence[Capability]) -> Rule:
    """The rule that somebody handed in, without any table beside it. Raises ``BadUse`` with line and reason."""
    if len(content) > MOST_BYTES:
        raise BadUse(mark("规则文件太大，最多 %(n)s KB"), n=MOST_BYTES // 1024)
    return _rule(loads(content, IS_WHAT, aliases=False), None, roster)


def write_rules(capability: Capability, title: str, settings: Mapping[str, Any]) -> str:
    """What a community chose of a capability, as ``read_rules`` and ``qunying rehearse`` read it; lists go by themselves."""
    asked = {part.name for part in asked_fields(capability.settings)}
    chosen = {name: value for name, value in settings.items() if name in asked}
    head = {"rule": 1, "capability": capability.name, "title": title}
    return yaml.safe_dump({**head, **chosen}, allow_unicode=True, sort_keys=False, width=1000)


def _rule(words: Lined, folder: Path | None, roster: Sequence[Capability]) -> Rule:
    built = {one.name: one for one in roster}
    name = str(words.pop("capability", DEFAULT))
    if name not in built:
        raise BadUse(mark("没有叫「%(name)s」的能力；有的是 %(known)s"), name=name, known=", ".join(built))
    title = str(words.pop("title", ""))
    words.pop("rule", "")
    capability = built[name]
    told = dict(capability.read_rule(words, folder))
    known = [part.name for part in fields(capability.settings)]
    for key in told:
        if key not in known:
            raise BadUse(mark("规则里没有「%(name)s」这一项；有的是 %(known)s"), name=key, known=", ".join(known))
    return Rule(capability, title, typed_settings(capability, told, words))


def scenes_for(rule: Rule, group_ids: Collection[int]) -> dict[int, GroupScene]:
    """The groups as they are set up now, with the rule in place of their own settings, and acting."""
    name, groups = rule.capability.name, list(infos_of_groups(group_ids).values())
    staff = staff_of({group.community_id for group in groups})
    scenes = scenes_of(groups, staff, [rule.capability])
    return {
        key: replace(
            scene,
            modes={name: Mode.ACT},
            settings={name: replace(scene.settings[name], **_as_kept(rule.settings))},
        )
        for key, scene in scenes.items()
    }


def _as_kept(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
