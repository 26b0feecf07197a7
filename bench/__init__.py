"""Measures what this repository promises of speed and size."""
