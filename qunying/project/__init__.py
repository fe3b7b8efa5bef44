"""Wires everything, decides nothing."""
