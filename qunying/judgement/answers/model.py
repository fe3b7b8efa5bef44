"""What was learned about deciding, as numbers beside the code: ``models/answers.npz``, made by ``training/answers.py``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """One step of a small network: ``x @ weights + bias``."""

    weights: Floats
    bias: Floats


@dataclass(frozen=True)
class Model:
    """How to order candidates, how sure to be of the first, and how usual pieces are in ordinary talk."""

    ranking: Floats
    centre: Floats
    spread: Floats
    layers: tuple[Layer, ...]
    background: NDArray[np.uint8]
    answer_from: tuple[float, float]  # for banks with few ways to ask, and with many
    suggest_from: tuple[float, float]


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model of this package."""
    with (
        as_file(files("qunying.judgement") / "models" / "answers.npz") as path,
        np.load(path, allow_pickle=False) as kept,
    ):
        count = sum(name.startswith("weights_") for name in kept.files)
        layers = tuple(Layer(kept[f"weights_{step}"], kept[f"bias_{step}"]) for step in range(count))
        return Model(
            kept["ranking"],
            kept["centre"],
            kept["spread"],
            layers,
            kept["background"],
            _two(kept["answer_from"]),
            _two(kept["suggest_from"]),
        )


def _two(numbers: NDArray[Any]) -> tuple[float, float]:
    few, many = numbers.tolist()
    return few, many


def probability(model: Model, features: Floats) -> float:
    """How probable it is that the first candidate answers the question, 0 to 1."""
    signal = ((features - model.centre) / model.spread).clip(-4, 4)
    for layer in model.layers[:-1]:
        signal = np.tanh(signal @ layer.weights + layer.bias)
    last = model.layers[-1]
    return float(1.0 / (1.0 + np.exp(-(signal @ last.weights + last.bias)[0])))
