"""checked_sources: offers a package's files to the checks in //tools/quality."""

def checked_sources(name = "checked_sources", folders = True):
    """Makes a target of the files here that ruff, mypy, buildifier and the tools for Perl look at.

    //tools/quality:sources must name it. A test there finds a file that no package offers.

    Args:
      name: the target's name.
      folders: whether those in folders below, as far as they are no packages, belong to them.
    """
    own = [
        "*.bzl",
        "*.pl",
        "*.pm",
        "*.py",
        "*.t",
    ]
    native.filegroup(
        name = name,
        srcs = native.glob(
            own + ["**/" + pattern for pattern in own if folders] + [
                "BUILD.bazel",
                "MODULE.bazel",
                "WORKSPACE",
                "WORKSPACE.bzlmod",
            ],
            allow_empty = True,
        ),
        visibility = [Label("//tools/quality:__pkg__")],
    )
