"""Stands for the package of this name in the version that a repository has already."""

OWN = True
