"""How well rising themes are found, and how steady they are: planted topics in real chat."""
