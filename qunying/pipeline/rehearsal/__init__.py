"""Rehearsal: a rule told over the real past, by the same code as live, with nothing done and nothing kept."""
