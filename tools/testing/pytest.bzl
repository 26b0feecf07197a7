"""pytest_test: a py_test that runs pytest."""

load("@asterisk_rest_libraries_deps//:requirements.bzl", "requirement")
load("@rules_python//python:py_test.bzl", "py_test")

def pytest_test(name, srcs, deps = [], data = [], args = [], **kwargs):
    """Runs pytest on files.

    The test writes its cases to test.xml, honours --test_filter (as pytest's -k) and --test_sharding_strategy,
    and fails where not a single test was found. Where the environment says ASTERISK_REQUIRED=1, a skipped test
    is a failed one.

    Args:
      name: the target's name.
      srcs: the files with tests, and their conftest.py. Helper modules belong into a py_library in deps.
      deps: what the tests import. pytest itself is there.
      data: files that the tests read, with testing.paths.repository_file.
      args: further arguments to pytest.
      **kwargs: further attributes of py_test.
    """
    main = Label("//tools/testing:pytest_main.py")
    py_test(
        name = name,
        srcs = srcs + [main],
        args = ["$(rootpath {})".format(src) for src in srcs if not src.endswith("conftest.py")] + args,
        data = data + [Label("//:pyproject.toml")],
        main = main,
        deps = deps + [
            Label("//tools/testing"),
            requirement("pytest"),
        ],
        **kwargs
    )
