"""A OneBot 11 implementation for tests and demonstrations: QQ accounts in QQ groups that live in memory."""
