"""What carriers with a real network share: lines to accounts, what was heard on them, what went wrong, how we speak through them."""
