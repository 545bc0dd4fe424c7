"""What test runners print: one module per family of runners, each a pure function of a log."""
