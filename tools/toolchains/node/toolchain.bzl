"""How rules find Node.

The default is the Node of the machine. A consumer replaces it by registering a node_toolchain before that, which
defs.bzl has.
"""

NodeInfo = provider(
    doc = "A Node.",
    fields = {
        "files": "depset of File: what it needs, where it is a part of the build.",
        "node": "string: the program's path, as an action calls it; empty where there is none.",
        "npm": "string: the path of npm's npm-cli.js, which Node runs; empty where there is none.",
        "runfile": "string: the program, a path of the machine or one among the runfiles; empty where there is none.",
    },
)

_TYPE = Label(":toolchain_type")

#: What to do where Node is missing.
_MISSING = "there is no Node on this machine: install it (Node 20.19 or later, on Debian `apt-get install nodejs npm`), " + \
           "or register a node_toolchain of your own"

def _check_program(ctx, name):
    """Fails where a program is said to be at two places, or at one that is none."""
    path = getattr(ctx.attr, name + "_path")
    if getattr(ctx.attr, name) and path:
        fail("{0}: {1} and {1}_path are two programs: leave one out".format(ctx.label, name))
    if path and not path.startswith("/") and path[1:2] != ":":
        fail("{0}: {1}_path = {2} is no path of the machine: it must begin with /; a file of the build is named as {1}".format(ctx.label, name, repr(path)))

def _runfiles_path(ctx, file):
    """Where a file lies among the runfiles, with its repository's name first."""
    return file.short_path.removeprefix("../") if file.short_path.startswith("../") else ctx.workspace_name + "/" + file.short_path

def _node_toolchain_impl(ctx):
    _check_program(ctx, "node")
    _check_program(ctx, "npm")
    files = depset(ctx.files.node + ctx.files.npm + ctx.files.srcs)
    node = ctx.file.node.path if ctx.file.node else ctx.attr.node_path
    npm = ctx.file.npm.path if ctx.file.npm else ctx.attr.npm_path
    if npm and not node:
        fail("{}: there is npm, but no Node that runs it: name one as node or node_path".format(ctx.label))
    runfile = _runfiles_path(ctx, ctx.file.node) if ctx.file.node else ctx.attr.node_path
    return [platform_common.ToolchainInfo(nodeinfo = NodeInfo(files = files, node = node, npm = npm, runfile = runfile))]

node_toolchain = rule(
    implementation = _node_toolchain_impl,
    doc = """Declares a Node: a file of the build, or a program of the machine.

It is used where a [toolchain](#toolchains) of it is registered:

```starlark
node_toolchain(
    name = "my_node",
    node = "@my_node//:bin/node",
    npm = "@my_node//:npm_cli",
)

toolchain(
    name = "my_node_toolchain",
    toolchain = ":my_node",
    toolchain_type = "@asterisk_rest_libraries//tools/toolchains/node:toolchain_type",
)
```
""",
    attrs = {
        "node": attr.label(doc = "The program node.", allow_single_file = True),
        "node_path": attr.string(doc = "The program's path on the machine, instead of node."),
        "npm": attr.label(doc = "npm's npm-cli.js.", allow_single_file = True),
        "npm_path": attr.string(doc = "Its path on the machine, instead of npm."),
        "srcs": attr.label_list(doc = "What else they need.", allow_files = True),
    },
)

def _current_node_impl(ctx):
    info = ctx.toolchains[_TYPE].nodeinfo
    if not info.node:
        fail(_MISSING)
    return [
        DefaultInfo(files = info.files, runfiles = ctx.runfiles(transitive_files = info.files)),
        info,
        platform_common.TemplateVariableInfo({"NODE": info.node, "NODE_RUNFILE": info.runfile, "NPM": info.npm}),
    ]

current_node = rule(
    implementation = _current_node_impl,
    doc = "The Node that was chosen, for rules that name it among their toolchains: $(NODE) and $(NPM) for actions, " +
          "$(NODE_RUNFILE) for programs that have it among their data, too; each as NodeInfo has it.",
    toolchains = [_TYPE],
    provides = [NodeInfo],
)

def _local_node_impl(repository_ctx):
    node = repository_ctx.which("node")
    npm = repository_ctx.which("npm")
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        node = node or "",
        npm = npm.realpath if node and npm else "",
        toolchain = Label(":toolchain.bzl"),
        type = _TYPE,
    ))

local_node = repository_rule(
    implementation = _local_node_impl,
    doc = "A repository with a toolchain for the Node that is installed; where there is none, using it says what to install.",
    environ = ["PATH"],
    local = True,
)

_BUILD = """\
load("{toolchain}", "node_toolchain")

package(default_visibility = ["//visibility:public"])

node_toolchain(
    name = "node",
    node_path = "{node}",
    npm_path = "{npm}",
)

toolchain(
    name = "toolchain",
    toolchain = ":node",
    toolchain_type = "{type}",
)
"""

def _node_extension_impl(_module_ctx):
    local_node(name = "local_node")

node = module_extension(
    implementation = _node_extension_impl,
    doc = "Makes the repository local_node for MODULE.bazel.",
)
