"""node_test: a test that runs Node's test runner."""

load("@rules_python//python:py_test.bzl", "py_test")

# Others load it from defs.bzl.
visibility("//...")

def node_test(
        name,
        srcs,
        client = None,
        clients = [],
        data = [],
        deps = [],
        modules = [],
        node = "",
        asterisk = False,
        env = {},
        **kwargs):
    """Runs Node's test runner on files, with generated libraries installed beside them.

    The cases are written to test.xml.

    ```starlark
    node_test(
        name = "call_test",
        size = "small",
        srcs = ["call.test.mjs"],  # import { MyAri } from "my-ari"
        client = ":my_client",
    )
    ```

    Args:
      name: the target's name.
      srcs: the test files, `*.test.mjs`, and what they import, laid out in one folder.
      client: the library, a javascript_client.
      clients: further libraries.
      data: files that the tests read; their places are given in env.
      deps: further Python libraries that the runner needs.
      modules: the npm packages that the tests, or the library, import.
      node: the npm package that holds the Node to run them with, instead of the toolchain's.
      asterisk: whether a real Asterisk is started for the tests; ASTERISK_URL and the like say where it is.
      env: further environment; RUNFILE_X is a place among the runfiles, which the tests get as X.
      **kwargs: further attributes of py_test.
    """
    libraries = ([client] if client else []) + clients

    current = Label("//tools/toolchains/node:current_node")

    # Only for those who name one: else another repository's test would install all of this one's tools.
    npm = [Label("@asterisk_rest_libraries_npm//:modules")] if modules or node else []
    py_test(
        name = name,
        srcs = [Label("//tools/toolchains/node:node_test.py")],
        main = Label("//tools/toolchains/node:node_test.py"),
        args = ["$(rootpath {})".format(src) for src in srcs],
        data = data + srcs + libraries + npm + [current],
        env = {
            "LIBRARIES": " ".join(["$(rlocationpath {})".format(each) for each in libraries]),
            "MODULES": " ".join(modules),
            "NODE": "$(NODE_RUNFILE)",
            "NODE_MODULES": " ".join(["$(rlocationpath {})".format(each) for each in npm]),
            "NODE_PACKAGE": node,
            "START_ASTERISK": "1" if asterisk else "",
        } | env,
        toolchains = [current],
        deps = deps + [
            Label("//tools/testing:foreign"),
            Label("//tools/toolchains/node:node_programs"),
        ],
        **kwargs
    )
