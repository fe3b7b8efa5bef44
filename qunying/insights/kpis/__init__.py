"""What a community is measured by: KPIs that follow from its purpose."""
