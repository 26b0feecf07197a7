"""npm_packages: the packages of a package-lock.json, installed by npm itself."""

def _npm_packages_impl(repository_ctx):
    npm = repository_ctx.which("npm")
    if not npm:
        # Only what uses the packages fails; everything else builds without npm.
        repository_ctx.file("BUILD.bazel", _MISSING_BUILD.format(
            why = "there is no npm on this machine: install it (on Debian `apt-get install npm`)",
        ))
        repository_ctx.file("missing.bzl", _MISSING_RULE)
        return
    repository_ctx.symlink(repository_ctx.attr.package, "package.json")
    repository_ctx.symlink(repository_ctx.attr.lock, "package-lock.json")
    repository_ctx.report_progress("npm ci")
    result = repository_ctx.execute(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        timeout = 900,
    )
    if result.return_code:
        fail("npm ci failed ({}):\n{}{}".format(result.return_code, result.stdout, result.stderr))
    repository_ctx.file("BUILD.bazel", _BUILD)

npm_packages = repository_rule(
    implementation = _npm_packages_impl,
    doc = "A repository whose :modules holds the packages of a lock file.",
    attrs = {
        "lock": attr.label(doc = "The package-lock.json.", allow_single_file = True, mandatory = True),
        "package": attr.label(doc = "The package.json.", allow_single_file = True, mandatory = True),
    },
    environ = ["PATH"],
)

# One directory: thousands of files among the inputs would cost every test seconds.
_BUILD = """\
package(default_visibility = ["//visibility:public"])

filegroup(
    name = "modules",
    srcs = ["node_modules"],
)
"""

_MISSING_BUILD = """\
load(":missing.bzl", "missing")

missing(
    name = "modules",
    visibility = ["//visibility:public"],
    why = "{why}",
)
"""

_MISSING_RULE = """\
\"\"\"Says what is missing when it is used.\"\"\"

def _missing_impl(ctx):
    fail(ctx.attr.why)

missing = rule(
    implementation = _missing_impl,
    attrs = {"why": attr.string()},
)
"""

def _npm_impl(_module_ctx):
    npm_packages(
        name = "asterisk_rest_libraries_npm",
        lock = Label("//:package-lock.json"),
        package = Label("//:package.json"),
    )

npm = module_extension(
    implementation = _npm_impl,
    doc = "Makes the repository of the development tools for MODULE.bazel.",
)
