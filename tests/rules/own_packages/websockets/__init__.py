"""Stands for a package that a repository brings itself."""
