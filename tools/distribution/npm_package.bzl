"""npm_package: packs a JavaScript library as npm does."""

load("//tools/toolchains/node:toolchain.bzl", "NodeInfo")
load(":client.bzl", "client_of")

# Others load it from defs.bzl.
visibility("//...")

def _npm_package_impl(ctx):
    library = client_of(ctx, "javascript_client", others = {"perl": "cpan_dist", "python": "python_wheel"}).library
    node = ctx.attr._node[NodeInfo]
    if not node.npm:
        fail("{}: there is no npm on this machine: install it (on Debian `apt-get install npm`), or register a node_toolchain with one".format(ctx.label))

    # The package's own name holds its version, which stands in a file that is only read when it is packed.
    package = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    arguments.add(node.node, format = "--node=%s")
    arguments.add(node.npm, format = "--npm=%s")
    arguments.add_all([library], expand_directories = False, format_each = "--library=%s")
    arguments.add_all([package], expand_directories = False, format_each = "--out=%s")
    ctx.actions.run(
        arguments = [arguments],
        env = {"PYTHONDONTWRITEBYTECODE": "1"},
        executable = ctx.executable._build_npm,
        inputs = depset([library], transitive = [node.files]),
        mnemonic = "NpmPackage",
        outputs = [package],
        progress_message = "Packing %{label}",
        toolchain = None,
    )
    return [DefaultInfo(files = depset([package]), runfiles = ctx.runfiles([package]))]

npm_package = rule(
    implementation = _npm_package_impl,
    doc = """Packs a generated JavaScript library with `npm pack`; the output is a folder with that one file.

It needs npm, which the node_toolchain names.

```starlark
npm_package(
    name = "npm_package",
    client = ":my_client",
)
```
""",
    attrs = {
        "client": attr.label(
            doc = "The library, a javascript_client.",
            mandatory = True,
        ),
        "_build_npm": attr.label(
            cfg = "exec",
            default = Label("//tools/distribution:build_npm"),
            executable = True,
        ),
        "_node": attr.label(
            cfg = "exec",
            default = Label("//tools/toolchains/node:current_node"),
            providers = [NodeInfo],
        ),
    },
)
