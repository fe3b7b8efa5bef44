"""The labelled lines keep the promises of their README."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from training.labelled.compare import Agreement, agree, find_undecided, restore_first
from training.labelled.lines import (
    COLUMNS,
    FILES,
    TITLES,
    VERDICTS,
    Line,
    read_decisions,
    read_hard,
    read_lines,
    read_rows,
    read_second,
    read_talk,
)

AT_LEAST = {"complaint": 350, "need": 350, "intent": 350, "introduction": 350, "checkin": 350, "abuse": 100, "ad": 100}
HARD_AT_LEAST = {
    "question": 150,
    "abuse": 100,
    "ad": 100,
    "checkin": 50,
    "complaint": 200,
    "need": 25,
    "introduction": 10,
}
NOUNS_OF_COMPLAINTS = ("客服", "发货", "退款", "老师", "物业", "包装")
TOO_NEAR = 0.7


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return read_lines()


def grams_of(text: str) -> frozenset[str]:
    small = text.lower()
    return frozenset(small[at : at + 4] for at in range(max(1, len(small) - 3)))


def near_pairs(lines: list[Line]) -> Iterator[tuple[str, str]]:
    """Pairs whose sets of four-character pieces share more than TOO_NEAR (Jaccard)."""
    holders: dict[str, list[int]] = defaultdict(list)
    grams = [grams_of(line.text) for line in lines]
    for at, mine in enumerate(grams):
        shared = Counter(other for gram in mine for other in holders[gram])
        for other, common in shared.items():
            if common / (len(mine) + len(grams[other]) - common) > TOO_NEAR:
                yield lines[other].id, lines[at].id
        for gram in mine:
            holders[gram].append(at)


def test_columns_and_labels_are_right_when_a_file_is_read() -> None:
    for file in FILES:
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        assert tuple(head.split("\t")) == COLUMNS
        for row in rows:
            fields = row.split("\t")
            assert len(fields) == len(COLUMNS), row
            assert fields[3].strip() == fields[3] != "", row
            assert set(fields[4:]) <= {"0", "1"}, row


def test_ids_and_texts_are_unique_when_all_files_are_read(lines: list[Line]) -> None:
    assert max(Counter(line.id for line in lines).values()) == 1
    assert max(Counter(line.text.lower() for line in lines).values()) == 1


def test_no_two_lines_are_near_copies_when_compared_by_pieces(lines: list[Line]) -> None:
    assert list(near_pairs(lines)) == []


def test_no_theme_stands_in_both_parts_when_split(lines: list[Line]) -> None:
    parts: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        parts[line.theme].add(line.split)
    assert all(len(part) == 1 for part in parts.values())
    assert set().union(*parts.values()) == {"train", "test"}
    assert 0.25 < sum(line.split == "test" for line in lines) / len(lines) < 0.45


def test_there_is_enough_of_everything_when_counted(lines: list[Line]) -> None:
    found = Counter(verdict for line in lines for verdict in line.verdicts)
    assert {verdict: found[verdict] for verdict in AT_LEAST if found[verdict] < AT_LEAST[verdict]} == {}
    assert sum(not line.verdicts for line in lines) >= 1500
    assert min(len(line.text) for line in lines) <= 2
    assert 200 <= max(len(line.text) for line in lines) <= 500


def test_tempting_lines_are_not_labelled_true_when_listed_as_hard(lines: list[Line]) -> None:
    verdicts, hard = {line.id: line.verdicts for line in lines}, read_hard()
    assert [pair for pair in hard if pair[1] in verdicts[pair[0]]] == []
    found = Counter(verdict for _, verdict in hard)
    assert {verdict: found[verdict] for verdict in HARD_AT_LEAST if found[verdict] < HARD_AT_LEAST[verdict]} == {}


def test_nouns_of_complaints_stand_in_other_talk_too_when_both_parts_are_read(lines: list[Line]) -> None:
    hard = {line for line, verdict in read_hard() if verdict == "complaint"}
    found = Counter(
        line.split for line in lines if line.id in hard and any(n in line.text for n in NOUNS_OF_COMPLAINTS)
    )
    assert found["train"] >= 30
    assert found["test"] >= 20


def test_every_difference_is_decided_when_the_readings_are_compared(lines: list[Line]) -> None:
    final, second, decisions = {line.id: line.verdicts for line in lines}, read_second(), read_decisions()
    assert second.keys() == final.keys()
    assert find_undecided(restore_first(final, decisions), second, decisions) == []
    assert all((decision.verdict in final[decision.id]) == decision.decided for decision in decisions)


def test_kappa_is_the_published_measure_when_counts_are_given() -> None:
    assert Agreement(20, 5, 10, 15).kappa == pytest.approx(0.4)
    labels = {"a": frozenset(VERDICTS), "b": frozenset[str]()}
    assert agree("need", labels, labels).kappa == 1.0


def test_talk_is_told_by_keys_and_known_verdicts_when_it_was_read() -> None:
    talk = read_talk()
    assert len(talk) > 200
    assert all(len(key) == 16 and int(key, 16) for key in talk)
    assert set().union(*talk.values()) == {"abuse", "complaint", "need", "intent"}


def test_titles_are_read_twice_and_of_many_themes_when_they_are_labelled(lines: list[Line]) -> None:
    rows = list(read_rows(TITLES))
    asked = Counter(row["question"] for row in rows)
    assert min(asked["0"], asked["1"]) > 100
    assert len({row["theme"] for row in rows}) >= 8
    assert not {row["theme"] for row in rows} & {line.theme for line in lines}
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    assert all(row["question"] == row["first"] for row in rows if row["first"] == row["second"])
    as_lines = [Line(row["id"], row["theme"], row["split"], row["text"], frozenset()) for row in rows]
    assert list(near_pairs(as_lines)) == []
