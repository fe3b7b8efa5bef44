"""Answers from a reviewed bank of questions, or the decision not to answer."""

from qunying.judgement.answers.bank import Answer, BadRow, Bank, BankRow, Candidate
from qunying.judgement.answers.shelf import Embedder

__all__ = ["Answer", "BadRow", "Bank", "BankRow", "Candidate", "Embedder"]
