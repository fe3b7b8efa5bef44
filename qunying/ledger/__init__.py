"""The book of money: who paid what, what was taken and given back. Written once, never changed."""
