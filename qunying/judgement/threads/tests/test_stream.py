import io
import json

from qunying.judgement.threads import BadLine, Line, read_lines, run


def play(*rows: str | bytes) -> tuple[list[dict[str, object]], str]:
    out, err = io.StringIO(), io.StringIO()
    assert run(rows, out, err) == 0
    return [json.loads(row) for row in out.getvalue().splitlines()], err.getvalue()


def said(number: object, text: str, name: str = "小王", **more: object) -> str:
    return json.dumps({"id": number, "at": "2024-03-01T20:00:00+08:00", "from": name, "text": text, **more})


def test_the_stream_goes_on_when_a_line_is_broken() -> None:
    rows, told = play(said("a", "在吗"), '{"id": "b", "at"', "", said("c", "在的", "小李", reply_to="a"))
    assert [row["id"] for row in rows] == ["a", "c"]
    assert rows[1]["reply_to"] == rows[1]["thread"] == "a"
    assert "line 2: not JSON" in told


def test_the_error_names_the_field_when_one_is_missing_or_wrong() -> None:
    _, told = play(
        '{"at": 1, "from": "a", "text": "x"}', '{"id": 1, "at": "noon", "from": "a", "text": "x"}',
        '{"id": 1, "at": 1, "from": "a"}', '{"id": 1, "at": 1, "from": "a", "text": "x", "mentions": "b"}', "[]", b"\xff",
        '{"id": 1, "at": NaN, "from": "a", "text": "x"}', '{"id": true, "at": 1, "from": "a", "text": "x"}',
    )  # fmt: skip
    lines = told.splitlines()
    fields = ("«id»", "«at»", "«text»", "«mentions»", "object", "UTF-8", "«at»", "«id»")
    assert len(lines) == len(fields)
    for number, (line, field) in enumerate(zip(lines, fields, strict=True), start=1):
        assert f"line {number}:" in line
        assert field in line


def test_ids_come_back_as_numbers_when_they_were_numbers() -> None:
    rows, _ = play(said(7, "在吗"), said(8, "在的", "小李", reply_to=7))
    assert [(row["id"], row["reply_to"], row["thread"]) for row in rows] == [(7, None, 7), (8, 7, 7)]


def test_an_answer_can_be_written_when_the_text_holds_half_letters() -> None:
    rows, told = play('{"id": "\\ud800", "at": 1, "from": "\\udfff", "text": "\\ud800\\u0000"}')
    assert rows[0]["id"] == "\ud800"
    assert not told


def test_times_are_read_when_they_have_an_offset_or_are_numbers() -> None:
    rows = [
        '{"id": 1, "at": 1709294400, "from": "a", "text": ""}',
        '{"id": 1, "at": "2024-03-01T12:00Z", "from": "a", "text": ""}',
    ]
    found = list(read_lines(rows))
    assert all(isinstance(line, Line) and line.at == 1709294400 for line in found)


def test_what_is_broken_comes_as_an_error_when_lines_are_read() -> None:
    assert isinstance(next(iter(read_lines(["{"]))), BadLine)
