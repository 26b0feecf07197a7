"""Rules that turn the documents of a REST API into client libraries. This is their public face.

    load("@asterisk_rest_libraries//tools/codegen:defs.bzl", "api_description", "python_client")

    api_description(
        name = "my_ari",
        root = "resources.json",
        srcs = glob(["*.json"]),
        settings = "client.toml",
    )

    python_client(
        name = "client",
        api = ":my_ari",
        package = "my_ari",
    )
"""

load("@rules_python//python:py_info.bzl", "PyInfo")

ApiInfo = provider(
    doc = "A REST API, read from its documents.",
    fields = {
        "model": "File: the API's model as JSON. It knows no document format and no language, and stays the same " +
                 "byte for byte where documents are only laid out anew.",
    },
)

LanguageInfo = provider(
    doc = "A language that libraries can be written in.",
    fields = {
        "deps": "list of Target: what a library of this language needs at run time.",
        "files": "depset of File: the language's module, runtime and templates.",
        "folder": "string: the folder that holds the language's own, as the generator's --languages takes it.",
        "name": "string: the name, as the generator's --lang takes it.",
        "templates": "string: the folder that holds the language's templates, as --languages takes it.",
    },
)

ClientInfo = provider(
    doc = "A generated client library.",
    fields = {
        "api": "ApiInfo: the API that the library is for.",
        "language": "string: the language it is written in.",
        "library": "File: the folder with the whole library, ready to be installed or published.",
        "package": "string: the library's package, as the target names it; empty where the API's settings do.",
    },
)

# The generator, as every action here runs it.
_GENERATOR = {
    "_generator": attr.label(
        cfg = "exec",
        default = Label("//tools/codegen:generator"),
        executable = True,
    ),
}

def _generate(ctx, arguments, **kwargs):
    """Runs the generator: nothing but its arguments and the declared inputs decides what it writes."""
    arguments.use_param_file("@%s")
    arguments.set_param_file_format("multiline")
    ctx.actions.run(
        arguments = [arguments],
        env = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        executable = ctx.executable._generator,
        toolchain = None,
        **kwargs
    )

def _api_description_impl(ctx):
    model = ctx.actions.declare_file(ctx.label.name + ".model.json")
    inputs = [ctx.file.root] + ctx.files.srcs
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add(ctx.file.root, format = "--resource=%s")
    if ctx.file.settings:
        arguments.add(ctx.file.settings, format = "--settings=%s")
        inputs.append(ctx.file.settings)
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
    doc = "Reads the documents that describe a REST API into a model, which libraries are generated from.",
    attrs = {
        "root": attr.label(
            doc = "The document to begin with: the listing of the others (Swagger 1), or the only one; a Swagger 2 or " +
                  "OpenAPI 3 document may refer to others.",
            allow_single_file = [".json", ".yaml", ".yml"],
            mandatory = True,
        ),
        "settings": attr.label(
            doc = "The client.toml with what the documents do not say: names, events, objects. All of it has defaults; " +
                  "the API's name is then that of the documents' folder.",
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
                fail("{}: the template {} lies neither in {}/templates nor in a folder named {}".format(
                    ctx.label,
                    file.path,
                    own,
                    ctx.attr.language,
                ))
            found[folder] = True
    if len(found) != 1:
        fail("{}: the templates must lie in one folder, not in {}".format(ctx.label, found.keys() or "none"))
    return found.keys()[0]

def _codegen_language_impl(ctx):
    own = ctx.file.module.dirname
    if ctx.file.module.basename != "language.py" or own.rpartition("/")[2] != ctx.attr.language:
        fail("{}: the module must be {}/language.py, not {}".format(ctx.label, ctx.attr.language, ctx.file.module.path))
    for file in ctx.files.srcs + ctx.files.runtime:
        if not file.path.startswith(own + "/"):
            fail("{}: {} must lie in the language's folder, {}".format(ctx.label, file.path, own))
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
    doc = "Declares a language that client_library can write: NAME/language.py with what belongs to it.",
    attrs = {
        "deps": attr.label_list(doc = "What a library of this language needs at run time."),
        "language": attr.string(doc = "The language's name, which is that of its folder.", mandatory = True),
        "module": attr.label(
            doc = "language.py: how the model of an API becomes names, types and text of this language.",
            allow_single_file = [".py"],
            mandatory = True,
        ),
        "runtime": attr.label_list(
            doc = "The hand-written files that every library of this language carries, in the folder runtime.",
            allow_files = True,
        ),
        "srcs": attr.label_list(doc = "Further files that the module reads.", allow_files = True),
        "templates": attr.label_list(
            doc = "The templates, in the folder templates beside the module, or elsewhere in one of the language's name.",
            allow_files = True,
            mandatory = True,
        ),
    },
    provides = [LanguageInfo],
)

def _client_library(ctx):
    """Generates the library; gives what every rule for a library returns."""
    api = ctx.attr.api[ApiInfo]
    language = ctx.attr.language[LanguageInfo]

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
    if ctx.attr.package:
        arguments.add(ctx.attr.package, format = "--package=%s")
    arguments.add_all([library], expand_directories = False, format_each = "--out=%s")
    _generate(
        ctx,
        arguments,
        inputs = depset([api.model], transitive = [language.files]),
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
    "api": attr.label(doc = "The API, an api_description.", mandatory = True, providers = [ApiInfo]),
    "out": attr.string(doc = "The name of the library's folder; by default that of the package, or of the target."),
    "package": attr.string(doc = "The package's name, instead of the one that the API's settings give."),
} | _GENERATOR

client_library = rule(
    implementation = _client_library,
    doc = "Generates a client library for an API, in any language.",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language.",
            mandatory = True,
            providers = [LanguageInfo],
        ),
    } | _CLIENT,
    provides = [ClientInfo],
)

def _runfiles_path(ctx, file):
    """Where a file lies among the runfiles, with its repository's name first."""
    return file.short_path.removeprefix("../") if file.short_path.startswith("../") else ctx.workspace_name + "/" + file.short_path

def _python_client_impl(ctx):
    providers = _client_library(ctx)
    library = providers[1].library
    deps = [dep[PyInfo] for dep in ctx.attr.language[LanguageInfo].deps]
    runfiles = providers[0].default_runfiles.merge_all([
        dep[DefaultInfo].default_runfiles
        for dep in ctx.attr.language[LanguageInfo].deps
    ])
    return [
        DefaultInfo(files = providers[0].files, runfiles = runfiles),
        providers[1],
        PyInfo(
            imports = depset([_runfiles_path(ctx, library)], transitive = [dep.imports for dep in deps]),
            transitive_sources = depset([library], transitive = [dep.transitive_sources for dep in deps]),
        ),
    ]

python_client = rule(
    implementation = _python_client_impl,
    doc = "Generates a Python client library, which py_library, py_binary and py_test can have among their deps.",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language whose deps are Python libraries.",
            default = Label("//langs/python:language"),
            providers = [LanguageInfo],
        ),
    } | _CLIENT,
    provides = [ClientInfo, PyInfo],
)

javascript_client = rule(
    implementation = _client_library,
    doc = "Generates a JavaScript client library, an npm package for Node and browsers.",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language.",
            default = Label("//langs/javascript:language"),
            providers = [LanguageInfo],
        ),
    } | _CLIENT,
    provides = [ClientInfo],
)

perl_client = rule(
    implementation = _client_library,
    doc = "Generates a Perl client library, as a distribution for CPAN has it.",
    attrs = {
        "language": attr.label(
            doc = "The language, a codegen_language.",
            default = Label("//langs/perl:language"),
            providers = [LanguageInfo],
        ),
    } | _CLIENT,
    provides = [ClientInfo],
)
