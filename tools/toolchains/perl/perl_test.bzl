"""perl_test: a test that runs Perl's tests."""

load("@rules_python//python:py_test.bzl", "py_test")

# Others load it from defs.bzl.
visibility("//...")

def perl_test(
        name,
        srcs,
        client = None,
        clients = [],
        data = [],
        deps = [],
        modules = ["Mojolicious"],
        asterisk = False,
        env = {},
        **kwargs):
    """Runs tests written in Perl, with generated libraries in @INC.

    Their cases are written to test.xml. A test whose plan is missing, or not kept, has failed. --test_filter chooses
    tests by the names of their files.

    ```starlark
    perl_test(
        name = "call_test",
        size = "small",
        srcs = ["call.t"],  # use Acme::MyAri;
        client = ":my_client",
    )
    ```

    Args:
      name: the target's name.
      srcs: the tests, `*.t`, and the modules that they share, in a folder lib beside them, which is in @INC too.
      client: the library, a perl_client.
      clients: the libraries, where there are several.
      data: files that the tests read; their places are given in env.
      deps: further Python libraries that the runner needs.
      modules: what must be installed for the tests; one that is missing is named, with how to install it.
      asterisk: whether a real Asterisk is started for the tests; ASTERISK_URL and the like say where it is.
      env: further environment; RUNFILE_X is a place among the runfiles, which the tests get as X.
      **kwargs: further attributes of py_test.
    """
    libraries = clients + ([client] if client else [])
    report = Label("//tools/toolchains/perl:tap_to_junit.pl")
    perl = Label("//tools/toolchains/perl:current_perl")
    py_test(
        name = name,
        srcs = [Label("//tools/toolchains/perl:perl_test.py")],
        main = Label("//tools/toolchains/perl:perl_test.py"),
        args = ["$(rootpaths {})".format(src) for src in srcs],
        data = data + srcs + libraries + [perl, report],
        env = {
            "LIBRARIES": " ".join(["$(rlocationpath {})".format(library) for library in libraries]),
            "MODULES": " ".join(modules),
            "PERL": "$(PERL)",
            "PERL_INCLUDE": "$(PERL_INCLUDE)",
            "REPORT": "$(rlocationpath {})".format(report),
            "START_ASTERISK": "1" if asterisk else "",
        } | env,
        toolchains = [perl],
        deps = deps + [
            Label("//tools/testing:foreign"),
            Label("//tools/toolchains/perl:perl_programs"),
        ],
        **kwargs
    )
