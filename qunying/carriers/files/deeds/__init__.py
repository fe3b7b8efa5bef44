"""Tables of what people did outside the chat: orders and refunds of a shop, visits and posts of a platform, answers."""

from .columns import FIELDS
from .one import FIELD_OF, NPS, ORDER, REASONS, REFUND, SATISFACTION, SCORES, PastDeed, is_refunded, read_deed
from .read import header_of_deeds, is_table_of_deeds, read_deeds

__all__ = [
    "FIELDS",
    "FIELD_OF",
    "NPS",
    "ORDER",
    "REASONS",
    "REFUND",
    "SATISFACTION",
    "SCORES",
    "PastDeed",
    "header_of_deeds",
    "is_refunded",
    "is_table_of_deeds",
    "read_deed",
    "read_deeds",
]
