"""``python -m qunying`` is the ``qunying`` command."""

from qunying.runners.main import main

main()
