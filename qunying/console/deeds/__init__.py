"""A screen of the console: orders and other deeds, brought as a table or told by a program; its addresses are in ``urls.py``."""
