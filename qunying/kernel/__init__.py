"""The words all of Qunying shares. Plain Python: no Django, no network, no database."""
