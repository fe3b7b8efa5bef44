"""Tables of what people did outside the chat: orders and refunds of a shop, visits and posts of a platform."""

from .columns import DeedColumns, propose_columns
from .read import ORDER, REFUND, PastDeed, is_table_of_deeds, read_deeds

__all__ = ["ORDER", "REFUND", "DeedColumns", "PastDeed", "is_table_of_deeds", "propose_columns", "read_deeds"]
