"""What a plain model reaches on the labelled lines: the floor that a judge must beat, and a sign that the lines are not too easy.

``python -m training.labelled.floor`` trains characters 1–3 TF-IDF with logistic regression on the train themes and prints
precision, recall and F1 on the test themes per verdict, and false alarms on the lines of ``hard.tsv`` among them.
"""

import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_fscore_support
from sklearn.pipeline import make_pipeline

from training.labelled.lines import VERDICTS, Line, read_hard, read_lines


def measure(verdict: str, train: list[Line], test: list[Line], hard: set[str]) -> str:
    """One printed row; ``hard`` holds the ids where this verdict is tempting and wrong."""
    plain = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2),
        LogisticRegression(C=10, class_weight="balanced", max_iter=400, solver="liblinear", random_state=0),
    )
    plain.fit([line.text for line in train], [verdict in line.verdicts for line in train])
    said = np.asarray(plain.predict([line.text for line in test]))
    truth = [verdict in line.verdicts for line in test]
    precision, recall, f1, _ = precision_recall_fscore_support(truth, said, average="binary", zero_division=0)
    tempting = [bool(yes) for line, yes in zip(test, said, strict=True) if line.id in hard]
    return f"{verdict:<14}{precision:.3f}  {recall:.3f}  {f1:.3f}  {sum(tempting)}/{len(tempting)}"


def report() -> list[str]:
    """The lines that are printed."""
    lines, hard = read_lines(), read_hard()
    train, test = ([line for line in lines if line.split == part] for part in ("train", "test"))
    rows = [measure(verdict, train, test, {line for line, of in hard if of == verdict}) for verdict in VERDICTS]
    return [f"{len(train)} train, {len(test)} test", "verdict       prec.  recall F1     false alarms on hard", *rows]


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
