"""What lists and rules find in a text: words, links, contact handles; each with its place in the original."""

from qunying.judgement.patterns.contacts import Contact, find_contacts
from qunying.judgement.patterns.links import Link, find_links
from qunying.judgement.patterns.lists import Mistake, read_words
from qunying.judgement.patterns.reading import Contacts, read_contacts
from qunying.judgement.patterns.wordlists import BadPattern, Hit, Word, Words

__all__ = [
    "BadPattern",
    "Contact",
    "Contacts",
    "Hit",
    "Link",
    "Mistake",
    "Word",
    "Words",
    "find_contacts",
    "find_links",
    "read_contacts",
    "read_words",
]
