"""The program ``generate_library``, also when it is run as a script from the repository."""

from __future__ import annotations

import os
import sys

# A script's own folder is the first on the path; the package lies in the folder above it.
_HERE = os.path.dirname(os.path.abspath(__file__))
if sys.path and os.path.abspath(sys.path[0] or ".") == _HERE:
    sys.path[0] = os.path.dirname(_HERE)

from codegen.cli import program  # noqa: E402 (found by the lines above)

if __name__ == "__main__":
    # `bazel run` starts a program in a folder of its own; paths are meant from where it was called.
    if "BUILD_WORKING_DIRECTORY" in os.environ:
        os.chdir(os.environ["BUILD_WORKING_DIRECTORY"])
    program()
