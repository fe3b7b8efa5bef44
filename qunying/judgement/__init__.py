"""Understanding of texts and pictures, in plain Python: usable alone, without the rest of the house."""
