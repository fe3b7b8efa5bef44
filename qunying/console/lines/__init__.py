"""Our accounts on real platforms: connected, looked after, paused and closed."""
