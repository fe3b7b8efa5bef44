"""Segments: lists of people that a rule describes."""
