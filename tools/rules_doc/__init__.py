"""Writes docs/rules.md from what the rules say of themselves."""
