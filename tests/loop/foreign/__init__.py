"""Sessions that no agent recorded: other languages, other tools, other layouts, in the agents' own formats."""
