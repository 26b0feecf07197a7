"""What the constructors of the providers refuse, and take."""

load("//tools/codegen:defs.bzl", "ApiInfo", "ClientInfo", "LanguageInfo")
load(":failure_test.bzl", "fails")

def _given(ctx):
    """What is right for each provider, field by field."""
    model = ctx.actions.declare_file(ctx.label.name + ".model.json")
    ctx.actions.write(model, "{}")
    library = ctx.actions.declare_directory(ctx.label.name + ".library")
    ctx.actions.run_shell(command = "true", outputs = [library])
    return {
        "ApiInfo": {"model": model},
        "ClientInfo": {
            "api": ApiInfo(model = model),
            "language": "outline",
            "library": library,
            "package": "",
        },
        "LanguageInfo": {
            "deps": ctx.attr.deps,
            "files": depset([model]),
            "folder": ".",
            "name": "outline",
            "templates": "",
        },
    }

_PROVIDERS = {
    "ApiInfo": ApiInfo,
    "ClientInfo": ClientInfo,
    "LanguageInfo": LanguageInfo,
}

def _wrong(ctx, given):
    """What is put in the place of a field's value."""
    return {
        "a File": given["ApiInfo"]["model"],
        "a folder": given["ClientInfo"]["library"],
        "a list of strings": ["requests"],
        "a number": 7,
        "a sentence": "two words",
        "a text": ctx.file.text,
        "a word": "word",
        "empty": "",
        "none": None,
        "two paths": "one:two",
    }[ctx.attr.wrong]

def _made_impl(ctx):
    given = _given(ctx)
    fields = dict(given[ctx.attr.provider])
    if ctx.attr.field:
        fields[ctx.attr.field] = _wrong(ctx, given)
    made = _PROVIDERS[ctx.attr.provider](**fields)
    for name, value in fields.items():
        if getattr(made, name) != value:
            fail("{} lost its {}".format(ctx.attr.provider, name))
    return [made]

_made = rule(
    implementation = _made_impl,
    attrs = {
        "deps": attr.label_list(),
        "field": attr.string(),
        "provider": attr.string(),
        "text": attr.label(allow_single_file = True, default = Label(":BUILD.bazel")),
        "wrong": attr.string(),
    },
)

def _made_test_impl(ctx):
    provider = _PROVIDERS[ctx.attr.provider]
    return [AnalysisTestResultInfo(
        success = provider in ctx.attr.target,
        message = "{} has no {}".format(ctx.attr.target.label, ctx.attr.provider),
    )]

_made_test = rule(
    implementation = _made_test_impl,
    attrs = {
        "provider": attr.string(),
        "target": attr.label(),
    },
    analysis_test = True,
)

# Provider, field, what is there instead, what the message says.
_REFUSED = [
    ("ApiInfo", "model", "a word", "ApiInfo: model must be the API's model as JSON, as an api_description writes it (a File), not \"word\", a string"),
    ("ApiInfo", "model", "a folder", "ApiInfo: model must be a file *.json"),
    ("ApiInfo", "model", "a text", "ApiInfo: model must be a file *.json"),
    ("ClientInfo", "api", "a File", "ClientInfo: api must be the ApiInfo of the API that the library is for, target[ApiInfo]"),
    ("ClientInfo", "language", "none", "ClientInfo: language must be the name of the language, as LanguageInfo has it (a string), not None"),
    ("ClientInfo", "language", "empty", "ClientInfo: language must be the name of a language, as LanguageInfo has it, not \"\""),
    ("ClientInfo", "library", "a word", "ClientInfo: library must be the folder with the library (a File)"),
    ("ClientInfo", "library", "a File", "ClientInfo: library must be a folder, made by declare_directory, not the file"),
    ("ClientInfo", "package", "none", "ClientInfo: package must be the package's name, or empty (a string)"),
    ("LanguageInfo", "name", "a number", "LanguageInfo: name must be the language's name (a string), not 7"),
    ("LanguageInfo", "name", "a sentence", "LanguageInfo: name must be that of the language's folder, letters, digits and underscores, not \"two words\""),
    ("LanguageInfo", "deps", "none", "LanguageInfo: deps must be what a library needs at run time (a list)"),
    ("LanguageInfo", "deps", "a list of strings", "LanguageInfo: deps must be targets that a library needs at run time (a Target), not \"requests\", a string"),
    ("LanguageInfo", "files", "a list of strings", "LanguageInfo: files must be the language's files (a depset)"),
    ("LanguageInfo", "folder", "none", "LanguageInfo: folder must be the path of the folder that holds the language's own (a string)"),
    ("LanguageInfo", "folder", "empty", "LanguageInfo: folder must be the path of the folder that holds the language's own (. for the root), and is empty"),
    ("LanguageInfo", "folder", "two paths", "LanguageInfo: folder must have no colon"),
    ("LanguageInfo", "templates", "none", "LanguageInfo: templates must be the path of the folder that holds the language's templates (a string)"),
    ("LanguageInfo", "templates", "two paths", "LanguageInfo: templates must have no colon"),
]

def provider_tests(name, deps):
    """Makes a test of each field of each provider, and one of each provider with all that is right.

    Args:
      name: what the tests' names begin with.
      deps: targets that a LanguageInfo may have.
    """
    for provider in _PROVIDERS:
        _made(
            name = "{}_{}".format(name, provider),
            provider = provider,
            tags = ["manual"],
            deps = deps,
        )
        _made_test(
            name = "{}_{}_test".format(name, provider),
            size = "small",
            provider = provider,
            target = ":{}_{}".format(name, provider),
        )
    for provider, field, wrong, error in _REFUSED:
        fails(
            name = "{}_{}_{}_{}_test".format(name, provider, field, wrong.replace(" ", "_")),
            error = error,
            field = field,
            provider = provider,
            rule = _made,
            wrong = wrong,
            deps = deps,
        )
