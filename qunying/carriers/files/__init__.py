"""Chat exports of every tool: one folder per format, each turning its file into the records of ``records.py``."""
