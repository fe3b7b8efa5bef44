"""What a group talks about and whether that rises: ``find_themes(lines, span, known)``, stable from day to day."""

from qunying.judgement.themes.find import Span, find_themes
from qunying.judgement.themes.lines import Known, Limits, Line, Moved, Theme, Title, Trend
from qunying.judgement.themes.names import Names

__all__ = ["Known", "Limits", "Line", "Moved", "Names", "Span", "Theme", "Title", "Trend", "find_themes"]
