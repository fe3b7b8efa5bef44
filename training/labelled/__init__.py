"""Group talk that the project made up and labelled itself; README.md says how."""
