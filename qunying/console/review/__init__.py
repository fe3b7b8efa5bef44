"""Review: everything that waits for a person's judgement, one case at a time, decided by keyboard."""
