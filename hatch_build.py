"""Build hook of the package: a wheel contains the built script and the compiled translations, a checkout does not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndAndMessages(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the two tools that a developer runs by hand."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build both; a failure stops the build with the tool's own one line."""
        sys.path.insert(0, str(Path(self.root)))
        from tools import build_front, messages

        build_front.build()
        messages.compile_catalogue()
