"""For WORKSPACE files: the toolchains of the generated languages, and the tools that check JavaScript."""

load("//tools/toolchains/node:npm.bzl", "npm_packages")
load("//tools/toolchains/node:toolchain.bzl", "local_node")
load("//tools/toolchains/perl:toolchain.bzl", "local_perl")

# What a WORKSPACE calls makes no targets, whose name it could take.
# buildifier: disable=unnamed-macro
def asterisk_rest_libraries_toolchains():
    """Makes the repositories local_node, local_perl and asterisk_rest_libraries_npm; registers the machine's programs."""
    local_node(name = "local_node")
    local_perl(name = "local_perl")
    native.register_toolchains(
        "@local_node//:toolchain",
        "@local_perl//:toolchain",
    )
    npm_packages(
        name = "asterisk_rest_libraries_npm",
        lock = Label("//:package-lock.json"),
        package = Label("//:package.json"),
    )
