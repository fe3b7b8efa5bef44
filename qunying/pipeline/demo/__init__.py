"""The living demo: a generated world, told through the sandbox carrier and the real pipeline, going on while one watches."""
