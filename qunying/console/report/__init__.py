"""The report of a group as a page to read and to print; its addresses are in ``urls.py``."""
