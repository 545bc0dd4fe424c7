"""Proves each hop between an agent and a rule, and says what to do next where one is broken."""
