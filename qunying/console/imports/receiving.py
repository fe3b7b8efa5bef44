"""Takes files of up to 2 GB from the browser straight to disk, never into memory."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qunying.console.imports.words import tell_size
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.pipeline.past.uploads import Draft, do_note_draft, do_open_folder, do_remove_folder, place_for

MOST_BYTES = 2 * 2**30
MOST_FILES = 200
SPARE_BYTES = 256 * 2**20
CHUNK_BYTES = 2**20


class IntoFolder(FileUploadHandler):
    """Writes every file of one request into the folder of ``token``; ``reason`` says why it stopped, if it did."""

    chunk_size = CHUNK_BYTES

    def __init__(self, token: str, folder: Path) -> None:
        super().__init__()
        self.token = token
        self.folder = folder
        self.reason = ""
        self.is_whole = False
        self.count = 0
        self.taken = 0
        self.began = time.monotonic()
        self._file: IO[bytes] | None = None

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Django's hook: the length of everything is known before the first byte."""
        length = int(args[2])
        if length > MOST_BYTES + CHUNK_BYTES:
            self._refuse(
                _("一次最多传 %(most)s，这些有 %(size)s。先分开或者压缩一下")
                % {"most": tell_size(MOST_BYTES), "size": tell_size(length)}
            )
        elif length + SPARE_BYTES > shutil.disk_usage(self.folder).free:
            self._refuse(_("这台机器的磁盘放不下 %(size)s，先腾出一点地方") % {"size": tell_size(length)})

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Django's hook: a file begins."""
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.count > MOST_FILES:
            self._refuse(_("一次最多传 %(n)d 个文件，多的压成一个 zip 再传") % {"n": MOST_FILES})
        if self.reason:
            raise StopUpload
        self._file = place_for(self.token, self.file_name or "").open("wb")
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Django's hook: a piece of the present file."""
        assert self._file is not None
        self._file.write(raw_data)
        self.taken += len(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Django's hook: the present file has ended. Nothing goes into ``request.FILES``."""
        self._close()
        return None

    def upload_complete(self) -> None:
        """Django's hook: everything arrived."""
        self.is_whole = not self.reason

    def upload_interrupted(self) -> None:
        """Django's hook: the browser went away."""
        self._close()

    def _refuse(self, reason: str) -> None:
        self.reason = self.reason or reason

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def do_expect(request: HttpRequest) -> IntoFolder:
    """From here on files of this request go into a folder of their own; nothing of its body may have been read yet."""
    token = do_open_folder(clock.now())
    handler = IntoFolder(token, place_for(token, "x").parent)
    request.upload_handlers = [handler]
    return handler


def do_receive(request: HttpRequest, handler: IntoFolder, user_id: int) -> Draft:
    """The files of this request, as a draft. Raises ``BadUse`` where none arrived whole, and leaves nothing behind then."""
    reason = _receive(request, handler)
    if reason:
        do_remove_folder(handler.token)
        raise BadUse(reason)
    return do_note_draft(handler.token, user_id=user_id, at=clock.now(), seconds=time.monotonic() - handler.began)


def _receive(request: HttpRequest, handler: IntoFolder) -> str:
    try:
        request.FILES  # noqa: B018 - reading it is what lets the files arrive
    except OSError as error:
        return _("没有传完：%(error)s") % {"error": error.strerror or _("连接断了")}
    if handler.reason:
        return handler.reason
    if not handler.count:
        return _("没有选文件")
    if not handler.is_whole:
        return _("没有传完，连接断了。再传一次就好")
    return "" if handler.taken else _("传上来的文件是空的")
