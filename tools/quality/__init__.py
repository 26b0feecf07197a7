"""Checks of our own sources: their form, their types, their documentation."""
