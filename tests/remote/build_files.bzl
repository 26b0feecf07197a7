"""build_files: of many files, those that Bazel reads to know what there is to build."""

_NAMES = ["BUILD.bazel", "MODULE.bazel", "WORKSPACE", "WORKSPACE.bzlmod"]

def _build_files_impl(ctx):
    return [DefaultInfo(files = depset([
        file
        for file in ctx.files.srcs
        if file.extension == "bzl" or file.basename in _NAMES
    ]))]

build_files = rule(
    implementation = _build_files_impl,
    doc = "Holds the BUILD files and their like, so that what depends on it does not depend on programs, too.",
    attrs = {"srcs": attr.label_list(doc = "All files.", allow_files = True, mandatory = True)},
)
