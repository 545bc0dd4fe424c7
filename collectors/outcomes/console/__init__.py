"""Reads what a test command printed: `reading` decides, each runner's format is a module of `runners`."""

from collectors.outcomes.console.reading import ConsoleReader, read_console

__all__ = ["ConsoleReader", "read_console"]
