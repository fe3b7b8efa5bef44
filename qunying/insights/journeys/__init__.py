"""What people do one after the other: funnels, who comes back, who is new, returns or falls silent."""
