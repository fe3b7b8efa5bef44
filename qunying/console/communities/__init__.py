"""All communities at a glance: which of them needs somebody, and why."""
