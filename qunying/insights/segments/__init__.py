"""Segments: rules over who people are and what they do, asked of everybody in one question."""
