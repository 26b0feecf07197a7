"""checked_sources: offers a package's files to the checks in //tools/quality."""

def checked_sources(name = "checked_sources", exclude = []):
    """Makes a target of the files here that ruff, mypy and buildifier look at.

    //tools/quality:sources must name it. A test there finds a file that no package offers.

    Args:
      name: the target's name.
      exclude: what is no source of ours, as globs.
    """
    native.filegroup(
        name = name,
        srcs = native.glob(
            [
                "**/*.bzl",
                "**/*.py",
                "BUILD.bazel",
                "MODULE.bazel",
                "WORKSPACE",
                "WORKSPACE.bzlmod",
            ],
            allow_empty = True,
            exclude = exclude,
        ),
        visibility = [Label("//tools/quality:__pkg__")],
    )
