"""Tags: what they are for, who bears them, and how they make a community's portrait."""
