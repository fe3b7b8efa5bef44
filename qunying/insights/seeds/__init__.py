"""Who carries a community: what people do there, the score that follows from it, and where they stand on its ladder."""
