"""A hand-written part of every library."""
