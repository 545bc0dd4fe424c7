"""`python -m sidecar`: the command without its script."""

from sidecar.cli import main

main()
