"""Say how far the two readings agree, and whether every difference was decided.

``python -m training.labelled.compare`` prints, per verdict, how many lines both, only the first, only the second reading
and the files say yes to, and Cohen's kappa of the readings (J. Cohen, Educational and Psychological Measurement 20, 1960).
"""

import sys
from dataclasses import dataclass

from training.labelled.lines import VERDICTS, Decision, read_decisions, read_lines, read_second

Labels = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Agreement:
    """Counts of lines for one verdict."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def kappa(self) -> float:
        """Agreement beyond chance, 1 is full; 1 too where neither reading ever differs from always no."""
        lines = self.both + self.only_first + self.only_second + self.neither
        first, second = self.both + self.only_first, self.both + self.only_second
        seen = (self.both + self.neither) / lines
        by_chance = (first * second + (lines - first) * (lines - second)) / lines**2
        return 1.0 if by_chance == 1 else (seen - by_chance) / (1 - by_chance)


def restore_first(final: Labels, decisions: list[Decision]) -> Labels:
    """The labels of the first reading: those of the files with every decision taken back."""
    first = {line: set(verdicts) for line, verdicts in final.items()}
    for decision in decisions:
        change = first[decision.id].add if decision.first else first[decision.id].discard
        change(decision.verdict)
    return {line: frozenset(verdicts) for line, verdicts in first.items()}


def agree(verdict: str, first: Labels, second: Labels) -> Agreement:
    """Both readings must cover the same lines; raises KeyError otherwise."""
    pairs = [(verdict in first[line], verdict in second[line]) for line in first]
    return Agreement(*(pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))


def find_undecided(first: Labels, second: Labels, decisions: list[Decision]) -> list[tuple[str, str]]:
    """(line, verdict) wherever the readings differ and no decision is written down."""
    decided = {(decision.id, decision.verdict) for decision in decisions}
    differ = [(line, verdict) for line in first for verdict in sorted(first[line] ^ second[line])]
    return [pair for pair in differ if pair not in decided]


def report() -> list[str]:
    """The lines that ``main`` prints."""
    final = {line.id: line.verdicts for line in read_lines()}
    decisions, second = read_decisions(), read_second()
    first = restore_first(final, decisions)
    head = [
        f"{len(final)} lines, {len(decisions)} labels decided anew",
        "verdict        both first second files  kappa",
    ]
    rows = [_row(verdict, agree(verdict, first, second), final) for verdict in VERDICTS]
    return head + rows + [f"undecided: {pair}" for pair in find_undecided(first, second, decisions)]


def _row(verdict: str, found: Agreement, final: Labels) -> str:
    yes = sum(verdict in verdicts for verdicts in final.values())
    return f"{verdict:<14}{found.both:>5}{found.only_first:>6}{found.only_second:>7}{yes:>6}  {found.kappa:.3f}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
