"""A community's page: is it doing the job it was founded for; its chain, KPIs, stage and groups."""
