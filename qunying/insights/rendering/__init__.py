"""A report as JSON, Markdown, a page, a picture."""
