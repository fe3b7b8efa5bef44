"""Says what of a workbook is not read, where only its first sheet is."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qunying.kernel.errors import BadUse
from qunying.kernel.workbooks import list_sheets_not_read
from qunying.ui.toasts import toast

MOST_BYTES = 20 * 2**20


def tell_other_sheets(request: HttpRequest, sent: UploadedFile[bytes]) -> None:
    """A toast with the names of the sheets that are left aside; nothing where there are none, or it is no workbook."""
    data = sent.read(MOST_BYTES)
    sent.seek(0)
    try:
        others = list_sheets_not_read(data)
    except BadUse:  # who reads it says so, with the place
        return
    if others:
        names = _("、").join(f"「{name}」" for name in others)
        toast(request, _("只读了第一张工作表；别的没读：%(names)s") % {"names": names})
