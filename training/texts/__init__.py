"""Trains the heads that say what a message is, and measures them on texts they were not trained on."""
