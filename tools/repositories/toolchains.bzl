"""For WORKSPACE files: the toolchains of the generated languages, and the tools that check JavaScript."""

load("//tools/toolchains/node:npm.bzl", "npm_packages")
load("//tools/toolchains/node:toolchain.bzl", "local_node")

# What a WORKSPACE calls makes no targets, whose name it could take.
# buildifier: disable=unnamed-macro
def asterisk_rest_libraries_toolchains():
    """Makes the repositories local_node and asterisk_rest_libraries_npm, and registers the Node of the machine."""
    local_node(name = "local_node")
    native.register_toolchains("@local_node//:toolchain")
    npm_packages(
        name = "asterisk_rest_libraries_npm",
        lock = Label("//:package-lock.json"),
        package = Label("//:package.json"),
    )
