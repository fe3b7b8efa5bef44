"""The journal: every fact in a sentence, how far the chain is sealed, and the way out as a table."""
