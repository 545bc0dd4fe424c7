"""Commands that are killed at named points of the program: forked, traced, and ended by SIGKILL from inside."""
