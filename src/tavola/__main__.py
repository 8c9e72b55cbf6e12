"""`python -m tavola` is the command `tavola`."""

from tavola.edge.cli import main

main()
