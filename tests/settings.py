"""The house's own settings in a home of the tests' own, so that no test ever meets somebody's installation."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

HOME_OF_TESTS = Path(tempfile.mkdtemp(prefix="qunying-tests-"))
os.environ["QUNYING_HOME"] = str(HOME_OF_TESTS)
os.environ["LC_ALL"] = "C.UTF-8"  # commands follow the terminal's language, and tests read Chinese

from qunying.project.settings import *  # noqa: E402, F403 - the home must be chosen before
from qunying.project.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_default = DATABASES["default"]
_default["CONN_MAX_AGE"] = 0
if _default["ENGINE"].endswith("sqlite3"):
    # a file, because threads share it as they do live; nothing in it has to survive a power cut
    _default["TEST"] = {"NAME": str(HOME_OF_TESTS / "test.sqlite3")}
    _default["OPTIONS"]["init_command"] = _default["OPTIONS"]["init_command"].replace(
        "synchronous=NORMAL", "synchronous=OFF"
    )
