"""Stands for a language: it is declared, and never run."""
