"""The sandbox: a chat platform inside Qunying, where anybody can play members and staff."""
