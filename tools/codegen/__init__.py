"""Generates client libraries from the documents that describe a REST API."""

from __future__ import annotations

#: The version of the generator, and of every package that is released with it: the one place where it stands.
#: MODULE.bazel must repeat it; //tools/distribution:version changes both.
__version__ = "0.1.0"
