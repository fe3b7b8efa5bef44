"""Tables of what people did outside the chat: orders and refunds of a shop, visits and posts of a platform."""

from .read import ORDER, REFUND, PastDeed, is_table_of_deeds, read_deeds

__all__ = ["ORDER", "REFUND", "PastDeed", "is_table_of_deeds", "read_deeds"]
