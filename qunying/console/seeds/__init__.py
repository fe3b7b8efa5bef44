"""A screen of the console; its addresses are in ``urls.py``."""
