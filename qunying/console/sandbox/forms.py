"""What people send to a lab: words, pictures, jumps in time, somebody made up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.lab.labs import Lab, Person, pictures_of
from qunying.pipeline.lab.play import new_ref
from qunying.pipeline.lab.seen import look

PICTURE_BYTES = 5 * 2**20
JOINED_BEFORE = timedelta(days=30)
CAST_AT_MOST = 80
BEGINNINGS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))


class PersonForm(forms.Form):
    """Somebody made up by oneself."""

    name = forms.CharField(label=gettext_lazy("叫什么"), max_length=60)
    card = forms.CharField(label=gettext_lazy("群名片"), max_length=60, required=False)
    is_present = forms.BooleanField(label=gettext_lazy("早就在群里"), required=False)
    is_admin = forms.BooleanField(label=gettext_lazy("是群管理员"), required=False)

    def person(self, now: datetime) -> Person:
        """The person as filled in."""
        said = self.cleaned_data
        return Person(
            new_ref(),
            said["name"],
            "own",
            card=said["card"],
            role="admin" if said["is_admin"] else "member",
            joined=(now - JOINED_BEFORE).isoformat() if said["is_present"] else "",
        )


@dataclass(frozen=True, slots=True)
class PlayWords:
    """What a form on the stage said. ``person`` is whose part is taken, ``target`` the line or person it is about."""

    do: str
    person: str
    text: str
    scene: str
    target: str
    reply_to: int | None
    edit: int | None


def play_words(posted: Mapping[str, Any]) -> PlayWords:
    """Reads a form; what is missing is empty."""
    do, _sep, target = str(posted.get("do", "say")).partition(":")
    return PlayWords(
        do=do,
        person=str(posted.get("as", "")),
        text=str(posted.get("text", "")),
        scene=str(posted.get("scene", "")),
        target=target,
        reply_to=_place(posted.get("reply_to", "")),
        edit=_place(posted.get("edit", "")),
    )


def _place(text: object) -> int | None:
    words = str(text)
    return int(words) if words.isdecimal() and len(words) < 6 else None


def lines_of(words: PlayWords, lab: Lab, picture: str) -> list[dict[str, Any]]:
    """What is to be played. Raises ``BadUse`` for what cannot be understood."""
    person = words.person or lab.playing
    match words.do:
        case "pass":
            return [{"pass": True, "after": _seconds(words.target, lab)}]
        case "join" | "leave":
            return [{words.do: person}]
        case "recall" if _place(words.target) is not None:
            return [{"recall": _place(words.target), "by": person}]
        case "kick":
            return [{"kick": words.target, "by": person}]
        case "say":
            return [_said(words, lab, person, picture)]
        case _:
            raise BadUse(mark("没看懂要做什么，请再点一次"))


def _said(words: PlayWords, lab: Lab, person: str, picture: str) -> dict[str, Any]:
    if words.edit is not None:
        return {"from": person, "edit": words.edit, "say": words.text}
    line: dict[str, Any] = {"from": person}
    if words.text.strip() or not picture:
        line["say"] = words.text.strip()
    if picture:
        line["image"] = picture
    if words.reply_to is not None and words.reply_to < len(lab.refs) and lab.refs[words.reply_to]:
        line["reply_to"] = words.reply_to
    named = [one.ref for one in lab.cast if f"@{one.name}" in words.text]
    return {**line, "mention": named} if named else line


def _seconds(target: str, lab: Lab) -> int:
    """How long to let time go by: so many seconds, or until the next thing happens."""
    if target == "next":
        due = look(lab).next_due
        if due is None:
            raise BadUse(mark("后面没有等着要做的事"))
        return max(1, int((due - lab.now).total_seconds()) + 1)
    if not target.isdecimal() or len(target) > 6:
        raise BadUse(mark("没看懂要快进多久"))
    return int(target)


def keep_picture(file: File[bytes] | None, token: str) -> str:
    """Keeps an uploaded picture and answers its name; empty when there was none. Raises ``BadUse`` for anything else."""
    if file is None:
        return ""
    if (file.size or 0) > PICTURE_BYTES:
        raise BadUse(mark("图片太大了，最多 5 MB"))
    data = file.read()
    ending = _ending(data)
    if not ending:
        raise BadUse(mark("只收 PNG、JPEG、GIF、WebP 图片"))
    folder = pictures_of(token)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.{ending}"  # as on real platforms: the same file has the same name
    (folder / name).write_bytes(data)
    return name


def _ending(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((ending for begins, ending in BEGINNINGS if data.startswith(begins)), "")
