"""Daily, weekly and monthly reports of a community; its addresses are in ``urls.py``."""
