"""One group: what is going on, who is in it, what was said, how it is set up; its addresses are in ``urls.py``."""
