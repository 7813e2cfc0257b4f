"""Pixels -> a file: one module a format."""
