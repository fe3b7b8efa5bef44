"""Qunying 群营: an open-source community-operations platform for chat groups."""

__version__ = "0.1.0"
