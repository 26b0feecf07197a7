"""For WORKSPACE files: the rules that this repository is built with, where nothing else has brought them."""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")
load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")

def asterisk_rest_libraries_rules():
    """Makes the repository rules_python, unless it is there. py_repositories() must be called after it."""
    maybe(
        http_archive,
        name = "rules_python",
        sha256 = "25a00d55e4376ef6d9f28938b68038faca17c95580c9afe6953e7dde013d00e4",
        strip_prefix = "rules_python-2.3.2",
        url = "https://github.com/bazel-contrib/rules_python/releases/download/2.3.2/rules_python-2.3.2.tar.gz",
    )
