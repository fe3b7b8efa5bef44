"""What WhatsApp puts in the place of a picture, a file, a deleted or an edited message, in many languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..records import Media, MessageKind
from .headers import MARKS

_KIND_WORDS: tuple[tuple[MessageKind, str], ...] = (
    (MessageKind.CONTACT, r"contact|kontakt|contacto|contatto|名片|联系人|聯絡人|연락처"),
    (MessageKind.STICKER, r"sticker|autocollant|figurinha|贴图|貼圖|动态贴纸|표情|스티커|スタンプ"),
    (MessageKind.VIDEO, r"video|vídeo|vidéo|视频|影片|視頻|동영상|動画"),
    (MessageKind.VOICE, r"audio|áudio|voice|sprachnachricht|nota de voz|音频|音訊|语音|語音|오디오|音声"),
    (
        MessageKind.IMAGE,
        r"image|bild|imagen|imagem|immagine|foto|photo|gif|afbeelding|图像|图片|圖像|圖片|照片|사진|画像",
    ),
    (MessageKind.FILE, r"document|dokument|documento|文档|文件|檔案|문서|ドキュメント"),
)
_KIND_BY_WORD = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KIND_WORDS)
_MEDIA_WORD = re.compile(
    r"media|medien|multimedia|médias|mídia|archivo|媒体|媒體|影音|メディア|미디어|медиа|الوسائط", re.IGNORECASE
)
_LEFT_OUT = re.compile(
    r"omitted|omitid|oculta|omis\b|omise|omess|weggelassen|ausgelassen|ausgeschlossen|weggelaten|dahil edilmedi"
    r"|省略|略去|忽略|隐藏|隱藏|제외|생략|含まれていません|除外|скрыт|без медиа|файлов|استبعاد|تجاهل",
    re.IGNORECASE,
)
_BARE_LEFT_OUT = re.compile(
    r"(?:image|video|audio|sticker|GIF|document|contact card|voice message|media) omitted"
    r"|(?:Bild|Video|Audio|Sticker|GIF|Dokument|Kontaktkarte|Sprachnachricht) (?:weggelassen|ausgelassen)"
    r"|(?:imagen|video|audio|sticker|GIF|documento|tarjeta de contacto) omitid[oa]"
    r"|(?:图像|图片|视频|音频|贴图|文档|动图|GIF|圖像|圖片|影片|音訊|貼圖|文件)已?(?:省略|略去|忽略)",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"(?P<name>[^\n]+\.\w{1,8}) \((?=[^()]*(?:attach|angeh|adjunt|附|joint|anexad|allegat|bijgevoegd|첨부|вложен|添付|مرفق))[^()]{2,40}\)"
)
_ATTACHED_TAG = re.compile(
    r"<(?:attached|anhang|adjunto|archivo adjunto|已?附件|附加檔案|附檔|pièce jointe|anexo|allegato|bijgevoegd|첨부|添付ファイル|вложение)"
    r"\s?[:：]\s?(?P<name>[^<>]+)>",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"<[^<>]{0,3}(?:This message was edited|Diese Nachricht wurde bearbeitet|Se editó este mensaje|Este mensaje fue editado"
    r"|此?(?:消息|訊息)已(?:被)?(?:编辑|編輯|修改)|已编辑此消息|已編輯此訊息|您?已编辑此消息|Ce message a été modifié"
    r"|Mensagem editada|تم تعديل هذه الرسالة|Questo messaggio è stato modificato|Dit bericht is bewerkt)[.。]?[^<>]{0,3}>"
)
_DELETED = frozenset(
    mark.casefold()
    for mark in (
        "This message was deleted",
        "You deleted this message",
        "Message deleted",
        "Diese Nachricht wurde gelöscht",
        "Du hast diese Nachricht gelöscht",
        "Se eliminó este mensaje",
        "Este mensaje fue eliminado",
        "Eliminaste este mensaje",
        "此消息已删除",
        "此消息已被删除",
        "该消息已被删除",
        "这条消息已删除",
        "你已删除此消息",
        "您已删除此消息",
        "您删除了此消息",
        "你删除了此消息",
        "您删除了这条消息",
        "此訊息已刪除",
        "此訊息已被刪除",
        "這則訊息已刪除",
        "你已刪除此訊息",
        "您已刪除此訊息",
        "你已刪除這則訊息",
        "您已刪除這則訊息",
        "Ce message a été supprimé",
        "Vous avez supprimé ce message",
        "Esta mensagem foi apagada",
        "Mensagem apagada",
        "Você apagou esta mensagem",
        "Questo messaggio è stato eliminato",
        "Hai eliminato questo messaggio",
        "Dit bericht is verwijderd",
        "삭제된 메시지입니다",
        "このメッセージは削除されました",
        "Данное сообщение удалено",
        "تم حذف هذه الرسالة",
        "حذفت هذه الرسالة",
        "لقد حذفت هذه الرسالة",
    )
)
_DELETED_BY = re.compile(
    r"(?:This message was deleted by admin|Diese Nachricht wurde von Admin|此(?:消息|訊息)已由管理[员員]).*"
)
_POLLS = ("POLL:", "UMFRAGE:", "ENCUESTA:", "SONDAGE :", "SONDAGGIO:", "ENQUETE:", "投票:", "投票：", "投票调查:")
_PLACES = ("https://maps.google.com/?q=", "https://maps.google.com/maps?q=")
_LIVE_PLACES = frozenset(
    ("live location shared", "live-standort geteilt", "ubicación en tiempo real compartida", "已共享实时位置")
)
_CALLS = re.compile(
    r"(?:Missed (?:group )?(?:voice|video) call|Verpasster (?:Sprach|Video)anruf|(?:Llamada|Videollamada) perdida"
    r"|未接(?:语音|語音|视频|視訊)(?:通话|通話|來電|来电)).{0,40}"
)
_EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "heic", "bmp"), MessageKind.IMAGE),
    **dict.fromkeys(("mp4", "mov", "3gp", "mkv", "avi", "webm"), MessageKind.VIDEO),
    **dict.fromkeys(("opus", "ogg", "m4a", "mp3", "aac", "amr", "wav"), MessageKind.VOICE),
    "webp": MessageKind.STICKER,
    "vcf": MessageKind.CONTACT,
}
_SHORT = 64
_MARK_SET = frozenset(MARKS)
_BEGINNINGS = frozenset(
    {mark[:2] for mark in (*_DELETED, *_LIVE_PLACES)}
    | {"mi", "ve", "ll", "vi", "未接", "im", "au", "st", "gi", "do", "co", "vo", "me", "bi", "ko", "sp", "ta"}
    | {
        "此消",
        "此訊",
        "图像",
        "图片",
        "视频",
        "音频",
        "贴图",
        "文档",
        "动图",
        "圖像",
        "圖片",
        "影片",
        "音訊",
        "貼圖",
        "文件",
    }
)


@dataclass(frozen=True, slots=True)
class Body:
    """A message after its marks were read: what the person wrote, and what the marks say."""

    text: str
    kind: MessageKind = MessageKind.TEXT
    media: tuple[Media, ...] = ()
    is_recalled: bool = False
    is_edited: bool = False


def read_body(text: str) -> Body | None:
    """Takes the marks out of a text; None where it has none, as nearly all."""
    if text[-1:] == ">" and _EDITED.fullmatch(text, text.rfind("<")):
        bare = text[: text.rfind("<")].rstrip(MARKS + " ")
        return replace(_read_marks(bare) or Body(bare), is_edited=True)
    return _read_marks(text)


def _read_marks(text: str) -> Body | None:
    if text[:1] == "<" or text[:2].casefold() in _BEGINNINGS or "\u200e" in text:
        return _read_short(text) or _read_attachment(text) or _read_words(text) or Body(text.lstrip(MARKS))
    if ")" in text or "<" in text:
        return _read_attachment(text) or _read_words(text)
    return _read_words(text)


def _read_short(text: str) -> Body | None:
    """Marks that are the whole text: something left out, deleted, a missed call."""
    bare = text.strip(MARKS + " .。")
    if len(bare) <= _SHORT:
        if bare.casefold() in _DELETED or _DELETED_BY.fullmatch(bare):
            return Body(bare, is_recalled=True)
        if bare.casefold() in _LIVE_PLACES:
            return Body(bare, MessageKind.LOCATION)
        if _CALLS.fullmatch(bare):
            return Body(bare, MessageKind.CALL)
    return _read_left_out(text, bare)


def _read_left_out(text: str, bare: str) -> Body | None:
    if _BARE_LEFT_OUT.fullmatch(bare):
        return _left_out("", bare)
    if bare[:1] == "<" and bare[-1:] == ">":
        name, words = "", bare
    else:
        name, mark, words = text.rpartition("\u200e")
        if not mark:
            return None
    if len(words) > _SHORT or not _LEFT_OUT.search(words):
        return None
    return _left_out(name.strip(MARKS + " "), words)


def _left_out(name: str, words: str) -> Body | None:
    kind = next((kind for kind, pattern in _KIND_BY_WORD if pattern.search(words)), None)
    if kind is None and words[:1] != "<" and not _MEDIA_WORD.search(words):
        return None
    kind = kind or MessageKind.OTHER
    return Body("", kind, (Media(kind, name),))


def _read_attachment(text: str) -> Body | None:
    """A file named in the export, with what was written under it."""
    if "<" in text and (match := _ATTACHED_TAG.search(text)):
        written = text[: match.start()].strip(MARKS + " \n") + text[match.end() :]
    elif ")" in text and (match := _ATTACHED.match(text.lstrip(MARKS))):
        written = text.lstrip(MARKS)[match.end() :]
    else:
        return None
    name = match["name"].strip(MARKS + " ")
    kind = _kind_of(name)
    return Body(written.strip("\n").strip(MARKS), kind, (Media(kind, name),))


def _kind_of(name: str) -> MessageKind:
    if "-STICKER-" in name:
        return MessageKind.STICKER
    return _EXTENSIONS.get(name.rpartition(".")[2].lower(), MessageKind.FILE)


def _read_words(text: str) -> Body | None:
    """Polls and places are told in words; the words are kept."""
    bare = text.lstrip(MARKS) if text[:1] in _MARK_SET else text
    if bare.startswith(_POLLS):
        return Body(bare, MessageKind.POLL)
    if "https://maps.google.com/" in bare and any(place in bare for place in _PLACES):
        return Body(bare, MessageKind.LOCATION)
    return None
