"""Messages are found by any two neighbouring Chinese characters and by Latin words."""

from __future__ import annotations

from qunying.store.search import Index

TALK_INDEX = Index("talk_search")
