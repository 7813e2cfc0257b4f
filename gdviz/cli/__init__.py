"""The command line: flags to calls, and no logic of its own."""
