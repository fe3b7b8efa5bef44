"""Group cards, «上海-教育-产品经理-安安» and what else members write, read into fields with confidence and evidence."""

from qunying.judgement.cards.card import FIELDS, Card, Evidence
from qunying.judgement.cards.parse import parse_card

__all__ = ["FIELDS", "Card", "Evidence", "parse_card"]
