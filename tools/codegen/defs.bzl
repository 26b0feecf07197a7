"""Rules that turn the documents of a REST API into client libraries, and pack them. This is their public face.

```starlark
load("@asterisk_rest_libraries//tools/codegen:defs.bzl", "api_description", "python_client")

api_description(
    name = "my_ari",
    srcs = glob(["my_ari/*.json"]),
    root = "my_ari/resources.json",
    settings = "my_ari/client.toml",
)

python_client(
    name = "my_client",
    api = ":my_ari",
    package = "my_ari",
)
```
"""

load("@rules_python//python:py_info.bzl", "PyInfo")
load("//tools/distribution:cpan_dist.bzl", _cpan_dist = "cpan_dist")
load("//tools/distribution:npm_package.bzl", _npm_package = "npm_package")
load("//tools/distribution:python_wheel.bzl", _python_sdist = "python_sdist", _python_wheel = "python_wheel")
load("//tools/toolchains/node:node_test.bzl", _node_test = "node_test")
load("//tools/toolchains/node:toolchain.bzl", _NodeInfo = "NodeInfo", _node_toolchain = "node_toolchain")
load("//tools/toolchains/perl:perl_test.bzl", _perl_test = "perl_test")
load("//tools/toolchains/perl:toolchain.bzl", _PerlInfo = "PerlInfo", _perl_toolchain = "perl_toolchain")
load(":providers.bzl", "is_word", _ApiInfo = "ApiInfo", _ClientInfo = "ClientInfo", _LanguageInfo = "LanguageInfo")

ApiInfo = _ApiInfo
LanguageInfo = _LanguageInfo
ClientInfo = _ClientInfo

# The generator, as every action here runs it.
_GENERATOR = {
    "_generator": attr.label(
        cfg = "exec",
        default = Label("//tools/codegen:generator"),
        executable = True,
    ),
}

# What names a document that others are found from, as the generator's --dir looks for it in a folder.
_ROOTS = ["resources.json", "openapi.yaml", "openapi.yml", "openapi.json", "swagger.yaml", "swagger.yml", "swagger.json"]

def _generate(ctx, arguments, **kwargs):
    """Runs the generator: nothing but its arguments and the declared inputs decides what it writes."""
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    ctx.actions.run(
        arguments = [arguments],
        env = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        executable = ctx.executable._generator,
        toolchain = None,
        **kwargs
    )

def _root(ctx):
    """The document to begin with: the one that is named, or the only one that it can be."""
    if ctx.file.root:
        return ctx.file.root
    documents = ctx.files.srcs
    if not documents:
        fail("{}: there is no document: name the API's only one, or the one that lists the others, as root".format(ctx.label))
    if len(documents) == 1:
        return documents[0]
    found = [file for file in documents if file.basename in _ROOTS]
    if len(found) != 1:
        fail("{}: srcs without root: name the document to begin with as root; {}".format(
            ctx.label,
            "it can be each of {}".format(", ".join([file.short_path for file in found])) if found else "none of srcs is called {}".format(" or ".join(_ROOTS)),
        ))
    return found[0]

def _api_description_impl(ctx):
    model = ctx.actions.declare_file(ctx.label.name + ".model.json")
    root = _root(ctx)
    inputs = [root] + ctx.files.srcs
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add(root, format = "--resource=%s")
    if ctx.file.settings:
        arguments.add(ctx.file.settings, format = "--settings=%s")
        inputs.append(ctx.file.settings)
    else:
        # Not even a file that lies beside the documents, and that an action without a sandbox would see.
        arguments.add("--settings=")
    arguments.add(model, format = "--dump-model=%s")
    _generate(
        ctx,
        arguments,
        inputs = inputs,
        mnemonic = "ReadApi",
        outputs = [model],
        progress_message = "Reading the API %{label}",
    )
    return [
        DefaultInfo(files = depset([model])),
        ApiInfo(model = model),
    ]

api_description = rule(
    implementation = _api_description_impl,
    doc = """Reads the documents that describe a REST API into a model, from which libraries are generated.

The output is `NAME.model.json`. It is read once for the libraries of all languages, and where documents are only laid
out anew it stays the same, so that nothing after it is built again.

```starlark
api_description(
    name = "my_ari",
    srcs = glob(["my_ari/*.json"]),
    root = "my_ari/resources.json",
    settings = "my_ari/client.toml",
)
```
""",
    attrs = {
        "root": attr.label(
            doc = "The document to begin with: the listing of the others (Swagger 1), or the only one; a Swagger 2 or " +
                  "OpenAPI 3 document may refer to others. By default the only one in `srcs`, or the one there that is " +
                  "called `resources.json`, `openapi.yaml` or the like.",
            allow_single_file = [".json", ".yaml", ".yml"],
        ),
        "settings": attr.label(
            doc = "The [client.toml](client-toml.md) with what the documents do not say: names, events, objects. All of " +
                  "it has defaults; the API's name is then that of the documents' folder.",
            allow_single_file = [".toml"],
        ),
        "srcs": attr.label_list(
            doc = "The documents that the first one lists or refers to, in the places that it gives.",
            allow_files = [".json", ".yaml", ".yml"],
        ),
    } | _GENERATOR,
    provides = [ApiInfo],
)

def _templates_folder(ctx, own):
    """The folder above all templates of a language, as the generator's --languages takes it."""
    found = {}
    for file in ctx.files.templates:
        if file.path.startswith(own + "/templates/"):
            found[""] = True
        else:
            folder, separator, _ = file.path.partition("/{}/".format(ctx.attr.language))
            if not separator:
                fail("{}: the template {} lies neither in {}/templates nor in a folder named {}: move it".format(
                    ctx.label,
                    file.path,
                    own,
                    ctx.attr.language,
                ))
            found[folder] = True
    if not found:
        fail("{}: there are no templates: give those of {}/templates, or of another folder named {}".format(
            ctx.label,
            own,
            ctx.attr.language,
        ))
    if len(found) > 1:
        fail("{}: the templates must lie in one folder, not in {}".format(
            ctx.label,
            " and ".join([folder or own for folder in found]),
        ))
    return found.keys()[0]

def _codegen_language_impl(ctx):
    own = ctx.file.module.dirname
    if not is_word(ctx.attr.language):
        fail("{}: language must be a name of letters, digits and underscores, as its folder has it, not {}".format(
            ctx.label,
            repr(ctx.attr.language),
        ))
    if ctx.file.module.basename != "language.py" or own.rpartition("/")[2] != ctx.attr.language:
        fail("{}: the module must be {}/language.py, not {}".format(ctx.label, ctx.attr.language, ctx.file.module.path))
    for file in ctx.files.srcs:
        if not file.path.startswith(own + "/"):
            fail("{}: {} must lie in the language's folder, {}".format(ctx.label, file.path, own))
    for file in ctx.files.runtime:
        if not file.path.startswith(own + "/runtime/"):
            fail("{}: {} must lie in the runtime's folder, {}/runtime".format(ctx.label, file.path, own))
    files = depset([ctx.file.module] + ctx.files.srcs + ctx.files.runtime + ctx.files.templates)
    return [
        DefaultInfo(files = files),
        LanguageInfo(
            name = ctx.attr.language,
            deps = ctx.attr.deps,
            files = files,
            folder = own.rpartition("/")[0] or ".",
            templates = _templates_folder(ctx, own),
        ),
    ]

codegen_language = rule(
    implementation = _codegen_language_impl,
    doc = """Declares a language that client_library can write: NAME/language.py with what belongs to it.

[Adding a language](adding-a-language.md) tells what that is.

```starlark
codegen_language(
    name = "language",
    srcs = glob(["outline/*.txt"]),
    language = "outline",
    module = "outline/language.py",
    runtime = glob(["outline/runtime/**"]),
    templates = glob(["outline/templates/**"]),
)
```
""",
    attrs = {
        "deps": attr.label_list(
            doc = "What a library of this language needs at run time. A python_client hands it on, and wants Python " +
                  "libraries.",
        ),
        "language": attr.string(doc = "The language's name, which is that of its folder.", mandatory = True),
        "module": attr.label(
            doc = "language.py: how the model of an API becomes names, types and text of this language.",
            allow_single_file = [".py"],
            mandatory = True,
        ),
        "runtime": attr.label_list(
            doc = "The hand-written files that every library of this language carries, in the folder runtime beside the " +
                  "module.",
            allow_files = True,
        ),
        "srcs": attr.label_list(
            doc = "Further files that the module imports or reads, in its folder.",
            allow_files = True,
        ),
        "templates": attr.label_list(
            doc = "The templates, in the folder templates beside the module, or elsewhere in one of the language's name.",
            allow_files = True,
            mandatory = True,
        ),
    },
    provides = [LanguageInfo],
)

# What Python's grammar keeps for itself.
_PYTHON_KEYWORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield"
).split(" ")

def _python_package(name):
    return is_word(name) and name == name.lower() and name not in _PYTHON_KEYWORDS and not name.startswith("_")

def _javascript_package(name):
    return is_word(name, "-") and name == name.lower() and not name.startswith("_")

def _perl_package(name):
    return all([is_word(part) for part in name.split("::")])

def _any_package(name):
    parts = name.replace("::", ".").replace("-", ".").split(".")
    return is_word(name, ".:-") and not name.startswith("_") and all([is_word("_" + part) and part for part in parts])

# Language -> what tells its packages' names, and what they are like. The generator turns other names into these, which
# would surprise whoever imports them.
_PACKAGES = {
    "javascript": (_javascript_package, "small letters, digits and dashes, such as my-api"),
    "perl": (_perl_package, "words with :: between them, such as Acme::MyApi"),
    "python": (_python_package, "small letters, digits and underscores, and no keyword, such as my_api"),
}

def _check_package(ctx, language):
    """Fails where the package's name is none in that language."""
    if not ctx.attr.package:
        return
    is_package, alike = _PACKAGES.get(language, (_any_package, "letters, digits and underscores"))
    if not is_package(ctx.attr.package):
        fail("{}: package = {} is no name of a {} package, which is of {}".format(
            ctx.label,
            repr(ctx.attr.package),
            {"javascript": "JavaScript", "perl": "Perl", "python": "Python"}.get(language, language),
            alike,
        ))

def _check_out(ctx):
    """Fails where the folder's name is none."""
    out = ctx.attr.out
    if out and (out.startswith(".") or not is_word("_" + out, ".+-")):
        fail("{}: out = {} is no name of a folder: letters, digits, and ._+- after the first".format(ctx.label, repr(out)))

def _provided(ctx, attribute, provider, name, advice):
    """The provider of the target that an attribute names; fails where it has none, and says what to do."""
    target = getattr(ctx.attr, attribute)
    if provider not in target:
        fail("{}: {} = {} gives no {}: name {}".format(ctx.label, attribute, target.label, name, advice))
    return target[provider]

def _own_templates_folder(ctx, language):
    """The folder above a client's own templates, as the generator's --templates takes it."""
    found = {}
    for file in ctx.files.templates:
        package = "/".join([part for part in (file.root.path, file.owner.workspace_root, file.owner.package) if part])
        inside = "/" + file.path.removeprefix(package + "/")

        # Below the package, or, where they are a package of their own, above it.
        folder, separator, _ = inside.partition("/{}/".format(language))
        folder = (package + folder).removeprefix("/")
        if not separator:
            folder, separator, _ = ("/" + package + "/").rpartition("/{}/".format(language))
            folder = folder.removeprefix("/")
        if not separator:
            fail("{}: the template {} must lie in a folder named {}, as the templates do whose place it takes".format(
                ctx.label,
                file.short_path,
                language,
            ))
        found[folder or "."] = True
    if len(found) > 1:
        fail("{}: the templates must lie in one folder named {}, not in several: {}".format(
            ctx.label,
            language,
            ", ".join(sorted(["{}/{}".format(folder, language) for folder in found])),
        ))
    return found.keys()[0] if found else None

def _client_library(ctx):
    """Generates the library; gives what every rule for a library returns."""
    api = _provided(ctx, "api", ApiInfo, "ApiInfo", "an api_description, which reads the API's documents")
    language = _provided(
        ctx,
        "language",
        LanguageInfo,
        "LanguageInfo",
        "a codegen_language, such as @asterisk_rest_libraries//langs/python:language",
    )
    _check_package(ctx, language.name)
    _check_out(ctx)

    # A folder among others in a search path, where a colon would part two of them.
    library = ctx.actions.declare_directory((ctx.attr.out or ctx.attr.package or ctx.label.name).replace("::", "-"))
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add(api.model, format = "--model=%s")
    arguments.add(language.name, format = "--lang=%s")
    arguments.add(
        "{}:{}".format(language.folder, language.templates) if language.templates else language.folder,
        format = "--languages=%s",
    )
    templates = _own_templates_folder(ctx, language.name)
    if templates:
        arguments.add(templates, format = "--templates=%s")
    if ctx.attr.package:
        arguments.add(ctx.attr.package, format = "--package=%s")
    arguments.add_all([library], expand_directories = False, format_each = "--out=%s")
    _generate(
        ctx,
        arguments,
        inputs = depset([api.model] + ctx.files.templates, transitive = [language.files]),
        mnemonic = "GenerateLibrary",
        outputs = [library],
        progress_message = "Generating the library %{label}",
    )
    return [
        DefaultInfo(
            files = depset([library]),
            runfiles = ctx.runfiles([library]),
        ),
        ClientInfo(
            api = api,
            language = language.name,
            library = library,
            package = ctx.attr.package,
        ),
    ]

_CLIENT = {
    "api": attr.label(doc = "The API, an api_description.", mandatory = True),
    "out": attr.string(
        doc = "The name of the library's folder; by default that of the package, or of the target. Libraries of one " +
              "package in several languages, in one BUILD file, need it.",
    ),
    "package": attr.string(
        doc = "The package's name, instead of the one that the API's settings give, as the language has it: `my_ari` in " +
              "Python, `my-ari` in JavaScript, `Acme::MyAri` in Perl.",
    ),
    "templates": attr.label_list(
        doc = "Templates that take the place of the language's, each in the same place below a folder of the language's " +
              "name: `templates/python/README.md.j2`. Others are added, and make further files.",
        allow_files = True,
    ),
} | _GENERATOR

client_library = rule(
    implementation = _client_library,
    doc = """Generates a client library for an API, in any language.

The output is a folder with the whole library, as the language's package manager takes it.

```starlark
client_library(
    name = "my_outline",
    api = ":my_ari",
    language = ":language",
)
```
""",
    attrs = {
        "language": attr.label(doc = "The language, a codegen_language.", mandatory = True),
    } | _CLIENT,
    provides = [ClientInfo],
)

def _runfiles_path(ctx, file):
    """Where a file lies among the runfiles, with its repository's name first."""
    return file.short_path.removeprefix("../") if file.short_path.startswith("../") else ctx.workspace_name + "/" + file.short_path

def _python_client_impl(ctx):
    providers = _client_library(ctx)
    library = providers[1].library
    targets = ctx.attr.language[LanguageInfo].deps
    for target in targets:
        if PyInfo not in target:
            fail("{}: {} is among the deps of {}, but is no Python library: a python_client wants py_library and the like".format(
                ctx.label,
                target.label,
                ctx.attr.language.label,
            ))
    deps = [target[PyInfo] for target in targets]
    return [
        DefaultInfo(
            files = providers[0].files,
            runfiles = providers[0].default_runfiles.merge_all([
                target[DefaultInfo].default_runfiles
                for target in targets
            ]),
        ),
        providers[1],
        PyInfo(
            imports = depset([_runfiles_path(ctx, library)], transitive = [dep.imports for dep in deps]),
            transitive_sources = depset([library], transitive = [dep.transitive_sources for dep in deps]),
        ),
    ]

python_client = rule(
    implementation = _python_client_impl,
    doc = """Generates a Python client library, which py_library, py_binary and py_test can have among their deps.

The output is a folder with the whole library, a project that pip installs; `python_wheel` packs it.

```starlark
python_client(
    name = "my_client",
    api = ":my_ari",
    package = "my_ari",
)

py_binary(
    name = "call",
    srcs = ["call.py"],  # from my_ari import MyAri
    deps = [":my_client"],
)
```
""",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language whose deps are Python libraries.",
            default = Label("//langs/python:language"),
        ),
    } | _CLIENT,
    provides = [ClientInfo, PyInfo],
)

javascript_client = rule(
    implementation = _client_library,
    doc = """Generates a JavaScript client library, an npm package for Node and browsers.

The output is a folder with the whole library, which npm installs; `npm_package` packs it.

```starlark
javascript_client(
    name = "my_client",
    api = ":my_ari",
    package = "my-ari",
)
```
""",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language.",
            default = Label("//langs/javascript:language"),
        ),
    } | _CLIENT,
    provides = [ClientInfo],
)

perl_client = rule(
    implementation = _client_library,
    doc = """Generates a Perl client library, as a distribution for CPAN has it.

The output is a folder with the whole library, its modules in `lib`; `cpan_dist` packs it.

```starlark
perl_client(
    name = "my_client",
    api = ":my_ari",
    package = "Acme::MyAri",
)
```
""",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language.",
            default = Label("//langs/perl:language"),
        ),
    } | _CLIENT,
    provides = [ClientInfo],
)

# What packs libraries.
python_wheel = _python_wheel
python_sdist = _python_sdist
npm_package = _npm_package
cpan_dist = _cpan_dist

# What libraries run on, and tests of programs that use them.
node_toolchain = _node_toolchain
perl_toolchain = _perl_toolchain
NodeInfo = _NodeInfo
PerlInfo = _PerlInfo
node_test = _node_test
perl_test = _perl_test
