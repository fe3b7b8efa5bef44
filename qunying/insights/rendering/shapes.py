"""What a report can become, by name; what writes it is loaded when it is wanted, because some of it takes a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from qunying.insights.report import Report


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of file: its type as told to browsers, and whether it is bytes that a terminal must not be given."""

    content_type: str
    is_binary: bool = False


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "md": Shape("text/markdown; charset=utf-8"),
        "html": Shape("text/html; charset=utf-8"),
        "json": Shape("application/json"),
        "png": Shape("image/png", is_binary=True),
        "pdf": Shape("application/pdf", is_binary=True),
        "xlsx": Shape("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", is_binary=True),
    }
)
_MODULES = {
    "md": "as_markdown",
    "html": "as_html",
    "json": "as_json",
    "png": "as_png",
    "pdf": "as_pdf",
    "xlsx": "as_xlsx",
}
_FUNCTIONS = {"md": "render_markdown"}


def render(report: Report, shape: str, language: str) -> bytes:
    """The report as a file of that shape; text is UTF-8. Raises ``QunyingError`` where no font here draws Chinese."""
    module = import_module(f"qunying.insights.rendering.{_MODULES[shape]}")
    content: str | bytes = getattr(module, _FUNCTIONS.get(shape, f"render_{shape}"))(report, language)
    return content.encode("utf-8") if isinstance(content, str) else content
