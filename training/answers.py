"""Trains the decision to answer, suggest or refuse: ``python -m training.answers [--data DIR] [--away]``.

Three steps, all with fixed seeds: how usual pieces of text are in ordinary talk; how to order candidates (a softmax over the candidates
of a question); how probable it is that the first is right (a small network over ``SIGNS``). ``--away`` also measures each domain with a
model that never saw it, and the floor beside the Chinese ones.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import matthews_corrcoef
from sklearn.neural_network import MLPClassifier

import qunying.judgement
from qunying.judgement.answers.background import BUCKETS, bucket_of, packed
from qunying.judgement.answers.bank import Bank
from qunying.judgement.answers.model import Layer, Model, load_model, probability
from qunying.judgement.answers.shelf import SIGNS, TRAITS, Likely, Shelf, signs_of
from qunying.judgement.answers.words import pieces_of
from training import answer_worlds as worlds
from training.answer_floor import floor_hits
from training.answer_worlds import World
from training.records import hashes_of

SEED = 20
NETWORKS = 3
REDRAWN = 500
DOMAINS = (*worlds.SHOPS, "banking", "course", "forum")
CHINESE = ("course", "forum", "other")
WEIGHT = {"curekart": 1.0, "powerplay11": 1.0, "sofmattress": 1.0, "banking": 1.0, "course": 2.5, "forum": 0.5}
BORROWED = WEIGHT | {"banking": 0.4}  # the same where Chinese candidates borrow English questions
PENALTY = 2.5  # of large weights of the traits, as if so many questions spoke against each
# for banks with few ways to ask for each entry, and with many
ANSWER_FROM, SUGGEST_FROM = (0.88, 0.6), (0.5, 0.35)
MODELS = Path(qunying.judgement.__file__).parent / "models"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One question to one bank; ``right`` is the place of the right entry among the candidates, −1 where it is not."""

    domain: str
    shelf: Shelf
    likely: Likely
    right: int
    entry: str | None
    names: tuple[str, ...]
    theme: str
    text: str

    @property
    def has_one_way(self) -> bool:
        """Whether every entry of the bank has one question only."""
        return len(self.shelf.variants) == len(self.shelf.entry_of_row)


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("QUNYING_DATA", "../shared/data")))
    parser.add_argument("--away", action="store_true")
    chosen = parser.parse_args()
    write(blank(background(chosen.data)))
    made = all_worlds(chosen.data)
    cases = gather(made)
    figures: dict[str, Any] = {}
    model = fit(cases, load_model().background)
    if chosen.away:
        other = measure([(gather([worlds.other_world()]), model)])
        figures = {"home": measure_home(cases), "away": measure_away(cases) | {"other": other}}
        figures["floor"] = measure_floor([*made, worlds.other_world()])
    write(model)
    record(chosen.data, cases, figures)


def all_worlds(data: Path) -> list[World]:
    """Every bank to practise on; the same for the same data."""
    rng = random.Random(SEED)
    chatter = worlds.read_chatter(data)
    entries, outside = worlds.read_labelled()
    made = [world for shop in worlds.SHOPS for world in worlds.shop_worlds(data, shop, chatter["en"], rng)]
    made += worlds.banking_worlds(data, chatter["en"], rng)
    for half in theme_halves([entry.theme for entry in entries]):
        some = [entry for entry in entries if entry.theme in half]
        made += worlds.course_worlds(some, outside[len(half) % 2 :: 2], chatter["zh"], rng)
    made += worlds.forum_worlds(worlds.read_forum(data), chatter["zh"], rng)
    return made


def theme_halves(themes: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The themes in two parts, to learn on one and measure on the other."""
    ordered = list(dict.fromkeys(themes))
    return frozenset(ordered[::2]), frozenset(ordered[1::2])


def background(data: Path) -> NDArray[np.uint8]:
    """How large a share of messages has each piece, equal parts from every set so that none rules."""
    chatter = worlds.read_chatter(data)
    entries, _ = worlds.read_labelled()
    forum = [way for entry in worlds.read_forum(data) for way in (*entry.ways, entry.answer)]
    banking = [way for entry in worlds.read_banking(data) for way in entry.ways]
    shops = [way for shop in worlds.SHOPS for entry in worlds.read_shop(data, shop) for way in entry.ways]
    ours = [way for entry in entries for way in (*entry.ways, *entry.far)]
    total = np.zeros(BUCKETS)
    for texts in (chatter["zh"][:4000], forum, ours, chatter["en"], banking[:4000], shops):
        total += _shares(texts) / 3  # three sets each for Chinese and English
    return packed(total)


def _shares(texts: Sequence[str]) -> Floats:
    found: Counter[int] = Counter()
    for text in texts:
        pieces = pieces_of(text)
        for kind, some in (("l", pieces.letters), ("w", pieces.words), ("m", pieces.meaning)):
            found.update({bucket_of(kind, piece) for piece in some})
    out = np.zeros(BUCKETS)
    out[list(found)] = np.array(list(found.values())) / len(texts)
    return out


def gather(made: Iterable[World]) -> list[Case]:
    """Every question with its likely entries."""
    cases: list[Case] = []
    for world in made:
        bank = Bank.of(world.rows)
        shelf = bank._shelf
        assert shelf is not None
        for text, entry in world.asked:
            likely = shelf.look(text)
            if likely is None:
                continue
            names = [bank.entries[int(number)] for number in likely.entries]
            place = names.index(entry) if entry in names else -1
            themes = "|".join(sorted(world.themes))
            cases.append(Case(world.domain, shelf, likely, place, entry, tuple(names), themes, text))
    return cases


def fit(cases: Sequence[Case], table: NDArray[np.uint8]) -> Model:
    """The model that these cases teach."""
    known = [case for case in cases if case.right >= 0]
    ranking = rank(known)
    signs, right = sides(cases, ranking)
    weights = np.array([WEIGHT[case.domain] for case in cases])
    for domain in DOMAINS:
        among = np.array([case.domain == domain for case in cases])
        weights[among] /= max(1, among.sum())
    centre, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    scaled = ((signs - centre) / spread).clip(-4, 4)
    rng = np.random.default_rng(SEED)
    drawn = rng.choice(len(cases), 30_000, p=weights / weights.sum())
    layers = _together([_network(scaled[drawn], right[drawn], SEED + one) for one in range(NETWORKS)])
    return Model(
        ranking, centre.astype(np.float32), spread.astype(np.float32), layers, table, ANSWER_FROM, SUGGEST_FROM
    )


def rank(cases: Sequence[Case]) -> NDArray[np.float32]:
    """Weights of the traits by language. Of Chinese there are few questions that were not made up from the bank's own, and what
    a trait is worth is much the same everywhere: Chinese also learns from English banks that know one question for each entry."""
    english = [case for case in cases if not case.likely.pieces.is_chinese]
    chinese = [case for case in cases if case.likely.pieces.is_chinese or case.has_one_way]
    return np.stack([fit_ranking(english or cases, WEIGHT), fit_ranking(chinese or cases, BORROWED)])


def _network(signs: Floats, right: NDArray[np.bool_], seed: int) -> MLPClassifier:
    network = MLPClassifier((10,), activation="tanh", alpha=0.5, max_iter=20, random_state=seed, batch_size=256)
    return network.fit(signs, right)


def _together(networks: Sequence[MLPClassifier]) -> tuple[Layer, Layer]:
    """Several networks as one whose last step is their mean."""
    first = Layer(
        np.concatenate([one.coefs_[0] for one in networks], axis=1).astype(np.float32),
        np.concatenate([one.intercepts_[0] for one in networks]).astype(np.float32),
    )
    last = Layer(
        (np.concatenate([one.coefs_[1] for one in networks]) / len(networks)).astype(np.float32),
        np.mean([one.intercepts_[1] for one in networks], axis=0).astype(np.float32),
    )
    return first, last


def fit_ranking(cases: Sequence[Case], worth: Mapping[str, float]) -> NDArray[np.float32]:
    """Weights of the traits, so that the right candidate gets the largest share of a softmax."""
    width = max(len(case.likely.entries) for case in cases)
    traits = np.zeros((len(cases), width, len(TRAITS)))
    there = np.zeros((len(cases), width), dtype=bool)
    for number, case in enumerate(cases):
        traits[number, : len(case.likely.entries)] = case.likely.traits
        there[number, : len(case.likely.entries)] = True
    right = np.array([case.right for case in cases])
    weight = np.array([worth[case.domain] for case in cases])
    for domain in DOMAINS:
        among = np.array([case.domain == domain for case in cases])
        weight[among] /= max(1, among.sum())
    weight /= weight.sum()
    penalty = PENALTY / len(cases)

    def loss(ranking: Floats) -> tuple[float, Floats]:
        scores = np.where(there, traits @ ranking, -1e9)
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        picked = shares[np.arange(len(cases)), right]
        shares[np.arange(len(cases)), right] -= 1
        slope = np.einsum("nc,ncf->f", shares * weight[:, None], traits)
        cost = -(weight * np.log(picked + 1e-12)).sum() + penalty * (ranking**2).sum() / 2
        return float(cost), slope + penalty * ranking

    return np.asarray(minimize(loss, np.zeros(len(TRAITS)), jac=True, method="L-BFGS-B").x, dtype=np.float32)


def sides(cases: Sequence[Case], ranking: NDArray[np.float32]) -> tuple[Floats, NDArray[np.bool_]]:
    """For each case what speaks for its first candidate, and whether that one is right."""
    signs = np.zeros((len(cases), len(SIGNS)))
    right = np.zeros(len(cases), dtype=bool)
    for number, case in enumerate(cases):
        scores = case.likely.scores(ranking)
        order = np.argsort(-scores, kind="stable")
        signs[number] = signs_of(case.shelf, case.likely, scores, order)
        right[number] = order[0] == case.right
    return signs, right


def measure(parts: Sequence[tuple[Sequence[Case], Model]]) -> dict[str, Any]:
    """Hit@1 of what is in the bank; what is answered, and wrongly, at the thresholds; MCC in both readings; calibration.

    Each part of the cases is asked of its own model, and all are counted together.
    """
    cases = [case for some, _ in parts for case in some]
    asked = [(model, *sides(some, model.ranking)) for some, model in parts]
    right = np.concatenate([hits for _, _, hits in asked])
    sure = np.array([probability(model, row) for model, signs, _ in asked for row in signs.astype(np.float32)])
    firsts = [case.names[int(case.likely.scores(model.ranking).argmax())] for some, model in parts for case in some]
    inside = np.array([case.entry is not None for case in cases])
    texts = [case.text for case in cases if case.entry is not None]
    known, trust = right[inside], sure[inside]
    out: dict[str, float] = {"n": len(cases), "outside": float(1 - inside.mean()), "hit1": float(known.mean())}
    spread = {"hit1": redrawn(texts, lambda some: float(known[some].mean()))}
    kinds = np.array([int(case.shelf.has_many_ways) for case in cases])
    for name, levels in (("answer", ANSWER_FROM), ("suggest", SUGGEST_FROM)):
        said = sure >= np.array(levels)[kinds]
        out |= {
            f"{name}_wrong_of_all": float((said & ~right).mean()),
            f"{name}_share_inside": float(said[inside].mean()),
            f"{name}_share_outside": float(said[~inside].mean()) if (~inside).any() else 0.0,
            f"{name}_wrong": float((~right[said]).mean()) if said.any() else 0.0,
            f"{name}_mcc": mcc(cases, firsts, said),
        }
    answered = trust >= np.array(ANSWER_FROM)[kinds[inside]]
    spread["answer_share_inside"] = redrawn(texts, lambda some: float(answered[some].mean()))
    out["answered_at_2_percent_wrong"] = _share_at(trust, known, 0.02)
    spread["answered_at_2_percent_wrong"] = redrawn(texts, lambda some: _share_at(trust[some], known[some], 0.02))
    out["answered_at_2_percent_wrong_with_outside"] = _share_at(sure, right, 0.02) / max(1e-9, inside.mean())
    out |= {f"mcc_{level}": mcc(cases, firsts, sure >= level / 100) for level in range(30, 95, 10)}
    out["calibration_error"] = calibration_error(sure, right)
    intervals = {f"{name}_interval": list(ends) for name, ends in spread.items()}
    return {name: round(value, 4) for name, value in out.items()} | intervals


def redrawn(texts: Sequence[str], reach: Callable[[NDArray[np.int64]], float]) -> tuple[float, float]:
    """Between what 95 of 100 redrawn sets of questions reach: whole questions, each with all the banks that it was asked of."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, []).append(place)
    asked = [np.array(some) for some in places.values()]
    rng = np.random.default_rng(SEED)
    found = [
        reach(np.concatenate([asked[one] for one in rng.integers(0, len(asked), len(asked))])) for _ in range(REDRAWN)
    ]
    low, high = np.percentile(found, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def mcc(cases: Sequence[Case], firsts: Sequence[str], said: NDArray[np.bool_]) -> float:
    """Matthews correlation over the entries, with «no entry» as one more: what is not said counts as no entry."""
    meant = [case.entry or "-" for case in cases]
    told = [first if is_said else "-" for first, is_said in zip(firsts, said, strict=True)]
    return float(matthews_corrcoef(meant, told))


def _share_at(sure: Floats, right: NDArray[np.bool_], wrong: float) -> float:
    order = np.argsort(-sure, kind="stable")
    mistakes = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(mistakes <= wrong)
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0


def calibration_error(sure: Floats, right: NDArray[np.bool_]) -> float:
    """The mean distance between what was promised and what came true, over ten equal steps of probability."""
    step = np.minimum((sure * 10).astype(int), 9)
    parts = [
        (sure[step == one].mean() - right[step == one].mean()) * (step == one).mean() for one in set(step.tolist())
    ]
    return float(np.abs(parts).sum())


def measure_away(cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Each domain by a model that never saw it (for a shop: none of the three shops)."""
    out = {}
    for domain in DOMAINS:
        unseen = worlds.SHOPS if domain in worlds.SHOPS else (domain,)
        model = fit([case for case in cases if case.domain not in unseen], load_model().background)
        out[domain] = measure([([case for case in cases if case.domain == domain], model)])
    return out


def measure_home(cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Each domain by a model that saw other banks of it; of our Chinese set, banks of other themes."""
    halves: list[list[Case]] = [[], []]
    seen: dict[str, list[str]] = {}
    for case in cases:
        kinds = seen.setdefault(case.domain, [])
        key = case.theme or str(id(case.shelf))
        if key not in kinds:
            kinds.append(key)
        halves[kinds.index(key) % 2].append(case)
    models = [fit(half, load_model().background) for half in halves]
    return {
        domain: measure(
            [([case for case in half if case.domain == domain], models[1 - at]) for at, half in enumerate(halves)]
        )
        for domain in DOMAINS
    }


def measure_floor(made: Iterable[World]) -> dict[str, dict[str, Any]]:
    """Hit@1 of plain BM25 on the Chinese questions that a bank answers, also of those that share nothing with it."""
    out: dict[str, dict[str, Any]] = {}
    for domain, asked in floor_hits(world for world in made if world.domain in CHINESE).items():
        out[domain] = {
            "n": len(asked),
            "outside": 0.0,
            **_floor([text for text, _ in asked], [hit for _, hit in asked]),
        }
    return out


def _floor(texts: Sequence[str], found: Sequence[bool]) -> dict[str, Any]:
    hits = np.array(found)
    spread = redrawn(texts, lambda some: float(hits[some].mean()))
    return {"hit1": round(float(hits.mean()), 4), "hit1_interval": list(spread)}


def blank(table: NDArray[np.uint8]) -> Model:
    """A model that knows only ordinary talk: the shelves need it before anything can be learned."""
    layer = Layer(np.zeros((len(SIGNS), 1), dtype=np.float32), np.zeros(1, dtype=np.float32))
    zeros, ones = np.zeros(len(SIGNS), dtype=np.float32), np.ones(len(SIGNS), dtype=np.float32)
    return Model(np.zeros((2, len(TRAITS)), dtype=np.float32), zeros, ones, (layer,), table, ANSWER_FROM, SUGGEST_FROM)


def write(model: Model) -> None:
    """Keep the model beside the code that reads it."""
    MODELS.mkdir(exist_ok=True)
    parts: dict[str, Any] = {f"weights_{step}": layer.weights for step, layer in enumerate(model.layers)}
    parts |= {f"bias_{step}": layer.bias for step, layer in enumerate(model.layers)}
    np.savez_compressed(
        MODELS / "answers.npz",
        ranking=model.ranking,
        centre=model.centre,
        spread=model.spread,
        background=model.background,
        answer_from=np.array(model.answer_from),
        suggest_from=np.array(model.suggest_from),
        **parts,
    )
    load_model.cache_clear()


def record(data: Path, cases: Sequence[Case], figures: dict[str, Any]) -> None:
    """What the model was made of, beside it."""
    path = MODELS / "answers.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    names = [
        *(f"hint3_en/v1_train_{shop}_train.csv" for shop in worlds.SHOPS),
        "banking77_en/train.csv",
        "egret_forum_qa_zh/egret_wenda_lines.txt",
        "telegram_spam_zh/train.tsv",
        "sms_spam_en/SMSSpamCollection.tsv",
        "labelled/answers_zh.tsv",
        "labelled/answers_other_zh.tsv",
    ]
    kept = {
        "data": hashes_of(names, data),
        "seed": SEED,
        "sizes": dict(Counter(case.domain for case in cases)),
        "thresholds": {"answer": ANSWER_FROM, "suggest": SUGGEST_FROM},
        "ranking": {
            language: dict(zip(TRAITS, weights, strict=True))
            for language, weights in zip(("other", "zh"), load_model().ranking.round(3).tolist(), strict=True)
        },
        "metrics": figures or before.get("metrics", {}),
    }
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
