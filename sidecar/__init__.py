"""The continual-learning sidecar: receives sessions, learns rules, proposes them, measures them."""
