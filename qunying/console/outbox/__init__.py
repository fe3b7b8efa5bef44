"""The outbox: what is to be done in chats, what became of it, and the say that people have in it."""
