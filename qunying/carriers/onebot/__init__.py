"""QQ and bridges through OneBot 11."""
