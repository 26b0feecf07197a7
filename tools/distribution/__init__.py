"""Packs what was built or generated for the package indexes of its language."""
