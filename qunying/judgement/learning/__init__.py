"""What a community's reviewers teach the judge by their corrections: bounded, and every one can be taken back."""

from qunying.judgement.learning.learnt import Learnt, learn, teachable
from qunying.judgement.learning.lessons import MOST_LESSONS, Lesson, lessons_from, lessons_to

__all__ = ["MOST_LESSONS", "Learnt", "Lesson", "learn", "lessons_from", "lessons_to", "teachable"]
