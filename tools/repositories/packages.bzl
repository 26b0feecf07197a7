"""For WORKSPACE files: the Python packages that this repository needs, under a name of its own."""

load("@rules_python//python:pip.bzl", "pip_parse")

def asterisk_rest_libraries_packages():
    """Makes the repository asterisk_rest_libraries_deps. install_deps() must be loaded from it, and called, next."""
    pip_parse(
        name = "asterisk_rest_libraries_deps",
        python_interpreter = "python3",
        requirements_lock = Label("//:requirements_lock.txt"),
    )
