"""How the console looks: shell, components, style, script, words. No models, no knowledge of the product's tables."""
