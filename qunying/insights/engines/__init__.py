"""Engines that answer the catalogue's SQL over the lake."""
