"""The providers of defs.bzl, whose constructors look at what they are given. Load them from there."""

visibility("//...")

def _require(provider, field, value, kind, meaning):
    """Fails unless a field's value is of the kind that it must be."""
    if type(value) != kind:
        fail("{}: {} must be {} (a {}), not {}, a {}".format(provider, field, meaning, kind, repr(value), type(value)))

def is_word(text, more = ""):
    """Whether a text is ASCII letters, digits and underscores, and begins with none of the digits.

    Args:
      text: the text.
      more: what characters it may have besides, after the first.

    Returns:
      whether it is.
    """
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
    characters = letters + "0123456789" + more
    return bool(text) and text[0] in letters and all([each in characters for each in text.elems()])

def _api_info_init(*, model):
    """Looks at a model.

    Args:
      model: File: the API's model as JSON, as an api_description writes it.
    """
    _require("ApiInfo", "model", model, "File", "the API's model as JSON, as an api_description writes it")
    if model.is_directory or model.extension != "json":
        fail("ApiInfo: model must be a file *.json, as an api_description writes it, not {}".format(model.path))
    return {"model": model}

ApiInfo, _new_api_info = provider(
    doc = "A REST API, read from its documents. An api_description gives it.",
    fields = {
        "model": "File: the API's model as JSON. It knows no document format and no language, and stays the same " +
                 "byte for byte where documents are only laid out anew.",
    },
    init = _api_info_init,
)

def _language_info_init(*, name, deps, files, folder, templates):
    """Looks at a language.

    Args:
      name: string: the language's name.
      deps: list of Target.
      files: depset of File.
      folder: string: a path.
      templates: string: a path, or empty.
    """
    _require("LanguageInfo", "name", name, "string", "the language's name")
    if not is_word(name):
        fail("LanguageInfo: name must be that of the language's folder, letters, digits and underscores, not {}".format(repr(name)))
    _require("LanguageInfo", "deps", deps, "list", "what a library needs at run time")
    for dep in deps:
        _require("LanguageInfo", "deps", dep, "Target", "targets that a library needs at run time")
    _require("LanguageInfo", "files", files, "depset", "the language's files")
    _require("LanguageInfo", "folder", folder, "string", "the path of the folder that holds the language's own")
    if not folder:
        fail("LanguageInfo: folder must be the path of the folder that holds the language's own (. for the root), and is empty")
    _require("LanguageInfo", "templates", templates, "string", "the path of the folder that holds the language's templates")
    for field, path in (("folder", folder), ("templates", templates)):
        if ":" in path:
            fail("LanguageInfo: {} must have no colon, which parts folders from each other: {}".format(field, repr(path)))
    return {
        "deps": deps,
        "files": files,
        "folder": folder,
        "name": name,
        "templates": templates,
    }

LanguageInfo, _new_language_info = provider(
    doc = "A language that libraries can be written in. A codegen_language gives it.",
    fields = {
        "deps": "list of Target: what a library of this language needs at run time.",
        "files": "depset of File: the language's module, runtime and templates.",
        "folder": "string: the folder that holds the language's own, as the generator's --languages takes it.",
        "name": "string: the name, as the generator's --lang takes it.",
        "templates": "string: the folder that holds the language's templates, as --languages takes it; empty where " +
                     "they lie in the language's own.",
    },
    init = _language_info_init,
)

def _client_info_init(*, api, language, library, package):
    """Looks at a library.

    Args:
      api: ApiInfo.
      language: string: a language's name.
      library: File: a folder.
      package: string: a package's name, or empty.
    """
    if type(getattr(api, "model", None)) != "File":
        fail("ClientInfo: api must be the ApiInfo of the API that the library is for, target[ApiInfo], not {}".format(repr(api)))
    _require("ClientInfo", "language", language, "string", "the name of the language, as LanguageInfo has it")
    if not is_word(language):
        fail("ClientInfo: language must be the name of a language, as LanguageInfo has it, not {}".format(repr(language)))
    _require("ClientInfo", "library", library, "File", "the folder with the library")
    if not library.is_directory:
        fail("ClientInfo: library must be a folder, made by declare_directory, not the file {}".format(library.path))
    _require("ClientInfo", "package", package, "string", "the package's name, or empty")
    return {
        "api": api,
        "language": language,
        "library": library,
        "package": package,
    }

ClientInfo, _new_client_info = provider(
    doc = "A generated client library. All rules for libraries give it.",
    fields = {
        "api": "ApiInfo: the API that the library is for.",
        "language": "string: the language it is written in.",
        "library": "File: the folder with the whole library, ready to be installed or published.",
        "package": "string: the library's package, as the target names it; empty where the API's settings do.",
    },
    init = _client_info_init,
)
