"""What people did outside the chats: orders and refunds, visits and posts; imported, or told by other programs."""
