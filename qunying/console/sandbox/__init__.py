"""The sandbox: play anybody in a trial group and see what the system would do, and why."""
