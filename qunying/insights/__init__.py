"""What is counted: the lake, the metric catalogue, reports. Reads everybody below through their queries, changes nobody."""
