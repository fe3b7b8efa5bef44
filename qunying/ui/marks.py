"""Two marks on one bar from 0 to 100: below the first, between them, from the second on."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

FULL = 100


def draw_marks(lower: int, upper: int, words: str) -> SafeString:
    """The bar, its middle part in amber, what lies above in teal; ``words`` say the same to whoever does not see it."""
    first, second = (min(FULL, max(0, one)) for one in (lower, upper))
    return format_html(
        '<svg class="marks" role="img" aria-label="{}"><rect width="{}%" height="10"/>'
        '<rect class="look" x="{}%" width="{}%" height="10"/><rect class="on" x="{}%" width="{}%" height="10"/></svg>',
        words,
        first,
        first,
        max(0, second - first),
        second,
        FULL - second,
    )
