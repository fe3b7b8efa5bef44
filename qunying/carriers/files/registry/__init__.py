"""Tables of what an operator notes about groups: one row, one group, found by its name or its number on the platform."""

from .read import FIELDS, PastGroup, is_table_of_groups, read_groups, unused_columns

__all__ = ["FIELDS", "PastGroup", "is_table_of_groups", "read_groups", "unused_columns"]
