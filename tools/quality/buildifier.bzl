"""Brings buildifier, Bazel's formatter, which its makers publish as a package for npm."""

_VERSION = "8.2.1"
_INTEGRITY = "sha512-eZ/Aq+2r4PcJa6LbPCT6ffgIJfTU/gYilqIzoX2OLM4nNkbQC6tTMPZNn7aHHjhGPxbNLv41zm4Xqt1olCLgXw=="

_BUILD = """\
filegroup(
    name = "buildifier",
    srcs = ["{program}"],
    visibility = ["//visibility:public"],
)
"""

def _repository_impl(rctx):
    # By npm itself, which knows how this machine reaches the registry.
    npm = rctx.which("npm")
    if not npm:
        fail("npm, which brings buildifier, is not on PATH")
    result = rctx.execute([npm, "pack", "--silent", "@bazel/buildifier@" + _VERSION])
    if result.return_code:
        fail("npm could not bring buildifier: {}{}".format(result.stdout, result.stderr))
    archive = "bazel-buildifier-{}.tgz".format(_VERSION)
    rctx.download_and_extract(
        integrity = _INTEGRITY,
        stripPrefix = "package",
        url = "file://{}".format(rctx.path(archive)),
    )
    rctx.delete(archive)
    system = "darwin" if rctx.os.name.startswith("mac") else "linux"
    machine = "arm64" if rctx.os.arch in ("aarch64", "arm64") else "amd64"
    rctx.file("BUILD.bazel", _BUILD.format(program = "buildifier-{}_{}".format(system, machine)))

buildifier_repository = repository_rule(
    implementation = _repository_impl,
    doc = "A repository with the target buildifier, the program for this machine.",
)

def _extension_impl(_ctx):
    buildifier_repository(name = "buildifier")

buildifier = module_extension(
    implementation = _extension_impl,
    doc = "The repository buildifier, for modules.",
)
