"""What WhatsApp itself writes into a chat: who came, who left, who did it.

In English, German, Spanish, Portuguese, French, Italian, Arabic, Korean and Chinese; in other languages it stays a notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .headers import MARKS


@dataclass(frozen=True, slots=True)
class SystemEvent:
    """``kind`` is "join", "leave" or "notice"; ``by`` who did it to ``people``; ``chat`` a group name it tells."""

    kind: str
    people: tuple[str, ...] = ()
    by: str = ""
    via: str = ""
    chat: str = ""


_OPEN, _CLOSE = "[\"“„«「『']", "[\"”“»」』']"
_ENCRYPTED = re.compile(
    r"end-to-end encrypt|Ende-zu-Ende-verschlüsselt|cifrad[oa]s? de extremo a extremo|端到端加密|端對端加密"
    r"|end-to-end versleuteld|chiffrés de bout en bout|crittografia end-to-end|criptografia de ponta a ponta|مشف[ّ]?رة تمام[ًا]+"
)
_TELLS_WORDS = re.compile(
    r"\b(?:changed the|created group|hat den Betreff|hat die Gruppe|cambió el|creó el grupo|criou o grupo|mudou o|alterou o|a créé (?:le|ce) groupe|a changé|a modifié|ha creato il gruppo|ha cambiato)\b"
    r"|(?:أنشأ|بإنشاء|غي[ّ]?ر|بتغيير).*المجموعة"
    r"|님이 (?:이 )?(?:그룹|[\"“])"
    r"|(?:更改|修改|更新|变更|變更)了?(?:群|此|本|主题|主題|名称|名稱|描述|说明|說明|标题|標題)|(?:创建|建立|創建)了?(?:群|此)"
)

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    # created
    ("join", "created", rf"(?P<by>.+?) created (?:this |the )?group(?: {_OPEN}(?P<chat>.+){_CLOSE})?"),
    (
        "join",
        "created",
        rf"(?P<by>.+?) (?:hat|hast) (?:die|diese) Gruppe(?: {_OPEN}(?P<chat>.+){_CLOSE})? (?:erstellt|angelegt)",
    ),
    ("join", "created", rf"(?P<by>.+?) creó (?:el|este) grupo(?: {_OPEN}(?P<chat>.+){_CLOSE})?"),
    (
        "join",
        "created",
        rf"(?P<by>.+?)\s?已?(?:创建|創建|建立|新建)了?(?:此|本|該|该)?(?:群组|群組|群)(?:\s?{_OPEN}(?P<chat>.+){_CLOSE})?",
    ),
    ("join", "created", rf"(?P<by>.+?) criou (?:o|este) grupo(?: {_OPEN}(?P<chat>.+){_CLOSE})?"),
    ("join", "created", rf"(?P<by>.+?) (?:a|avez) créé (?:le|ce) groupe(?: {_OPEN}(?P<chat>.+){_CLOSE})?"),
    ("join", "created", rf"(?P<by>.+?) (?:ha|hai) creato (?:il|questo) gruppo(?: {_OPEN}(?P<chat>.+){_CLOSE})?"),
    ("join", "created", rf"(?:قام|أنشأت?) (?P<by>.+?) (?:بإنشاء )?(?:هذه )?المجموعة(?: {_OPEN}(?P<chat>.+){_CLOSE})?"),
    # brought by somebody, in the word order that looks like coming alone
    ("join", "added", r"(?P<by>.+?)\s?已?(?:将|將|把)\s?(?P<who>.+?)\s?(?:添加|新增|加入).*"),
    # came by themselves
    ("join", "link", r"(?P<who>.+?) joined (?:using|via|from|through) .+"),
    ("join", "", r"(?P<who>.+?) joined(?: (?:the|this) (?:group|community))?"),
    ("join", "link", r"(?P<who>.+?) (?:ist|bist) .*(?:link|Link).*beigetreten"),
    ("join", "", r"(?P<who>.+?) (?:ist|bist)(?: der Gruppe)? beigetreten"),
    ("join", "link", r"(?P<who>.+?) (?:se unió|te uniste) .*enlace.*"),
    ("join", "link", r"Te uniste .*enlace.*"),
    ("join", "", r"(?P<who>.+?) se unió(?: al grupo)?"),
    ("join", "link", r"(?P<who>.+?) entr(?:ou|aste) (?:usando|pelo|através) .*link.*"),
    ("join", "", r"(?P<who>.+?) entrou(?: no grupo)?"),
    ("join", "link", r"(?P<who>.+?) (?:a|avez) rejoint .*lien.*"),
    ("join", "", r"(?P<who>.+?) (?:a|avez) rejoint(?: le groupe)?"),
    ("join", "link", r"(?P<who>.+?) (?:è entrat[oa]|si è unit[oa]|è stat[oa] aggiunt[oa]) .*link.*"),
    ("join", "", r"(?P<who>.+?) (?:è entrat[oa]|si è unit[oa])(?: nel gruppo| al gruppo)?"),
    ("join", "link", r"انضم(?:ت)? (?P<who>.+?) (?:باستخدام|عبر|من خلال|عن طريق) .*"),
    ("join", "link", r"(?P<who>.+?) انضم(?:ت)? .*رابط.*"),
    ("join", "", r"انضم(?:ت)? (?P<who>.+?)(?: إلى المجموعة)?"),
    (
        "join",
        "link",
        r"(?P<who>.+?)\s?已?(?:使用|通过|通過|透過|利用|经由|經由|经|經).*(?:邀请|邀請|链接|連結|鏈接).*加入.*",
    ),
    ("join", "", r"(?P<who>.+?)\s?已?加入了?(?:此|本|该|該|这个|這個)?\s?(?:群组|群組|群聊|群|社区|社群)?"),
    # left by themselves
    ("leave", "", r"(?P<who>.+?) left(?: the group| the community)?"),
    ("leave", "", r"(?P<who>.+?) (?:hat|hast) die Gruppe verlassen"),
    ("leave", "", r"(?P<who>.+?) (?:salió|ha salido|abandonó|saliste)(?: del? grupo| el grupo)?"),
    ("leave", "", r"Saliste(?: del grupo)?"),
    ("leave", "", r"(?P<who>.+?) (?:saiu|saíste)(?: do grupo)?"),
    ("leave", "", r"(?P<who>.+?) (?:(?:est|êtes) parti(?:e|\(e\))?|(?:a|avez) quitté(?: le groupe)?)"),
    ("leave", "", r"(?P<who>.+?) (?:(?:ha|hai) abbandonato|è uscit[oa])(?: il gruppo| dal gruppo)?"),
    ("leave", "", r"غادر(?:ت)? (?P<who>.+?)(?: المجموعة)?"),
    ("leave", "", r"(?P<who>.+?) غادر(?:ت)?(?: المجموعة)?"),
    (
        "leave",
        "",
        r"(?P<who>.+?)\s?已?(?:退出|离开|離開)了?(?:此|本|该|該|这个|這個)?\s?(?:群组|群組|群聊|群|社区|社群)?",
    ),
    # removed
    ("leave", "", r"(?P<who>.+?) (?:was|were) removed"),
    ("leave", "", r"(?P<by>.+?) removed (?P<who>.+?)(?: from (?:the|this) group)?"),
    ("leave", "", r"(?P<who>.+?) (?:wurde|wurdest|wurden) entfernt"),
    ("leave", "", r"(?P<by>.+?) (?:hat|hast) (?P<who>.+) entfernt"),
    ("leave", "", r"(?:Se eliminó a (?P<who>.+))"),
    ("leave", "", r"(?P<who>.+?) fue (?:eliminad|expulsad)[oa](?: del grupo)?"),
    ("leave", "", r"(?P<by>.+?) (?:eliminó|expulsó|sacó|quitó) a (?P<who>.+)"),
    ("leave", "", r"(?:Eliminaste|Expulsaste|Quitaste) a (?P<who>.+)"),
    ("leave", "", r"(?P<by>.+?) te (?:eliminó|expulsó|sacó|quitó)(?: del grupo)?"),
    ("leave", "", r"(?P<who>.+?) (?:foi|foste) removid[oa](?:\([oa]\))?(?: do grupo)?"),
    ("leave", "", r"(?P<by>.+?) removeu (?P<who>.+)"),
    ("leave", "", r"(?P<who>.+?) a été (?:retiré|supprimé|exclu|expulsé)e?(?:\(e\))?(?: du groupe)?"),
    ("leave", "", r"(?P<by>.+?) (?:a|avez) (?:retiré|supprimé|exclu|expulsé) (?P<who>.+)"),
    ("leave", "", r"(?P<who>.+?) è stat[oa] rimoss[oa](?: dal gruppo)?"),
    ("leave", "", r"(?P<by>.+?) (?:ha|hai) rimosso (?P<who>.+)"),
    ("leave", "", r"قام(?:ت)? (?P<by>.+?) بإزالة (?P<who>.+)"),
    ("leave", "", r"تمت إزالة (?P<who>.+)"),
    ("leave", "", r"أزال(?:ت)? (?P<by>\S+) (?P<who>\S+)"),
    ("leave", "", r"(?P<who>.+?)\s?已?被\s?(?P<by>.*?)\s?(?:移除|移出|踢出|删除|刪除).*"),
    ("leave", "", r"(?P<by>.+?)\s?已?(?:将|將|把)\s?(?P<who>.+?)\s?(?:移除|移出|踢出|删除|刪除).*"),
    ("leave", "", r"(?P<by>.+?)\s?已?(?:移除|移出|踢出)了?\s?(?P<who>.+)"),
    # added
    ("join", "added", r"(?P<who>.+?) (?:was|were) added"),
    ("join", "added", r"(?P<by>.+?) added (?P<who>.+?)(?: to (?:the|this) group)?"),
    ("join", "added", r"(?P<who>.+?) (?:wurde|wurdest|wurden) hinzugefügt"),
    ("join", "added", r"(?P<by>.+?) (?:hat|hast) (?P<who>.+) hinzugefügt"),
    ("join", "added", r"(?:Se (?:añadió|agregó) a (?P<who>.+))"),
    ("join", "added", r"(?P<who>.+?) fue (?:añadid|agregad)[oa](?: al grupo)?"),
    ("join", "added", r"(?P<by>.+?) (?:añadió|agregó) a (?P<who>.+)"),
    ("join", "added", r"(?:Añadiste|Agregaste) a (?P<who>.+)"),
    ("join", "added", r"(?P<by>.+?) te (?:añadió|agregó)(?: al grupo)?"),
    ("join", "added", r"(?P<who>.+?) (?:foi|foste) adicionad[oa](?:\([oa]\))?(?: ao grupo)?"),
    ("join", "added", r"(?P<by>.+?) adicionou (?P<who>.+)"),
    ("join", "added", r"(?P<who>.+?) (?:a|avez) été ajouté(?:e|\(e\))?(?: au groupe)?"),
    ("join", "added", r"(?P<by>.+?) (?:vous a|a|avez) ajouté (?P<who>.+)"),
    ("join", "added", r"(?P<who>.+?) è stat[oa] aggiunt[oa](?: al gruppo)?"),
    ("join", "added", r"(?P<by>.+?) (?:ha|hai) aggiunto (?P<who>.+)"),
    ("join", "added", r"قام(?:ت)? (?P<by>.+?) بإضافة (?P<who>.+)"),
    ("join", "added", r"تمت إضافة (?P<who>.+)"),
    ("join", "added", r"أضاف(?:ت)? (?P<by>\S+) (?P<who>\S+)"),
    ("join", "added", r"(?P<who>.+?)\s?已?被\s?(?P<by>.*?)\s?(?:添加|新增|加入).*"),
    ("join", "invite", r"(?P<by>.+?)\s?已?邀[请請]了?\s?(?P<who>.+?)\s?加入.*"),
    ("join", "added", r"(?P<by>.+?)\s?已?(?:添加|新增|加入)了?\s?(?P<who>.+)"),
)
_KOREAN: tuple[tuple[str, str, str], ...] = (
    (
        "join",
        "created",
        rf"(?P<by>.+?)님이 (?:이 )?(?:{_OPEN}(?P<chat>.+){_CLOSE} )?그룹을 (?:만들었습니다|생성했습니다)",
    ),
    ("join", "link", r"(?P<who>.+?)님이 .*링크.*참[여가].*"),
    ("join", "added", r"(?P<by>.+?)님이 (?P<who>.+?)님을 (?:추가|초대)했습니다"),
    ("join", "", r"(?P<who>.+?)님이 (?:그룹에 )?(?:참[여가]|들어왔)(?:했)?습니다"),
    ("leave", "", r"(?P<by>.+?)님이 (?P<who>.+?)님을 (?:내보냈|강퇴했|삭제했)습니다"),
    ("leave", "", r"(?P<who>.+?)님이 (?:그룹에서 |그룹을 )?나갔습니다"),
)
_COMPILED = tuple(
    (kind, via, re.compile(pattern + r"[.。]?", re.DOTALL)) for kind, via, pattern in (*_PATTERNS, *_KOREAN)
)
_LONGEST = 2_000
_VERBS = re.compile(
    r"joined|left|added|removed|created|beigetreten|verlassen|hinzugefügt|entfernt|erstellt|angelegt|unió|uniste|salió"
    r"|salido|saliste|Saliste|abandonó|eliminó|eliminad|expuls|sacó|quitó|[Qq]uitaste|[Ee]liminaste|añad|Añad|agreg|Agreg|creó"
    r"|criou|adicion|entrou|saiu|remov|créé|ajouté|rejoint|parti|quitté|retiré|supprimé|exclu"
    r"|creato|aggiunt|entrat|unit[oa]|abbandonato|uscit|rimoss|أنشأ|بإنشاء|أضاف|إضافة|انضم|غادر|أزال|إزالة"
    r"|만들었|생성했|추가했|초대했|참여|참가|들어왔|나갔|내보냈|강퇴했|삭제했"
    r"|加入|退出|离开|離開|移除|移出|踢出|添加|新增|删除|刪除|创建|創建|建立|新建"
)
_BETWEEN = re.compile(r"、|님(?:과|와|,)\s?|,\s+(?:and\s|und\s|y\s|e\s|et\s)?|\s+(?:and|und|y|e|et|و|和|與|与|及)\s+")
_LAST_OF_LIST = re.compile(r"[和與与及](?=[^、和與与及]+$)")
_SELF = {"you": "You", "dich": "Du", "você": "Você", "vous": "Vous"}  # written small inside of a sentence
_DROPPED = dict.fromkeys(map(ord, MARKS))
_ABOUT_THINGS = re.compile(
    r"(?:a|an|the|this|that|their|his|her|your|eine?|den|das|el|la|un|una|une|le|les|il|lo|o|uma?)\s|l['’]|.*\b(?:message|icon|admin|description)\b|.*(?:消息|訊息|图标|管理员|管理員)"
)
_SETS_RULES = re.compile(
    r"更改|變更|变更|设置|設定|允许|允許|changed|settings|turned|alterou|mudou|modifié|changé|cambiato|modificato"
)


def read_system(text: str) -> SystemEvent | None:
    """What a line without sender tells; None where it is not about coming or going."""
    text = text.translate(_DROPPED).strip()
    if len(text) > _LONGEST:
        return None
    if _ENCRYPTED.search(text):
        return SystemEvent("notice")
    if not _VERBS.search(text):
        return None
    for kind, via, pattern in _COMPILED:
        match = pattern.fullmatch(text)
        if match is not None:
            return _event(kind, via, match)
    return None


@lru_cache(maxsize=8192)
def is_wordy(name: str) -> bool:
    """Whether what stands before the first colon is really the beginning of a system line ("X changed the subject …")."""
    return _TELLS_WORDS.search(name) is not None


def _event(kind: str, via: str, match: re.Match[str]) -> SystemEvent | None:
    parts = match.groupdict()
    by, who = (parts.get("by") or "").strip(), (parts.get("who") or "").strip()
    if via == "created":
        return SystemEvent(kind, (by,), "", via, parts.get("chat") or "")
    if not who:
        by, who = by if " te " in match.string else "", "Tú"
    if _ABOUT_THINGS.match(who) or _SETS_RULES.search(by):
        return SystemEvent("notice", by=by)
    return SystemEvent(kind, split_people(who), by, via)


def split_people(names: str) -> tuple[str, ...]:
    """The people of an enumeration: "A, B and C", "A、B 和 C"."""
    if "、" in names:
        names = _LAST_OF_LIST.sub("、", names)
    parts = (part.strip(" ~\u202f\u00a0") for part in _BETWEEN.split(names))
    return tuple(_SELF.get(name, name) for name in parts if name)
