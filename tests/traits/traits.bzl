"""The libraries of all traits, in every language."""

load("//tools/codegen:defs.bzl", "api_description", "javascript_client", "perl_client", "python_client")

# Language -> the rule that generates its libraries. A language that is added here gets a library of every trait,
# and trait_libraries gives them to its test.
_CLIENTS = {
    "javascript": javascript_client,
    "perl": perl_client,
    "python": python_client,
}

def traits(name, documents, settings):
    """Declares the libraries of traits: TRAIT_LANGUAGE, with the package traits_TRAIT; all of a language: NAME_LANGUAGE.

    Args:
      name: the name of the whole.
      documents: a document for each trait, named for it.
      settings: the client.toml of those that have one, named for them.
    """
    for document in documents:
        trait = document.removesuffix(".yaml")
        api_description(
            name = trait,
            root = document,
            settings = trait + ".toml" if trait + ".toml" in settings else None,
        )
        for language, client in _CLIENTS.items():
            client(
                name = "{}_{}".format(trait, language),
                out = "{}_{}".format(language, trait),
                api = ":" + trait,
                package = "traits_" + trait,
            )
    for language in _CLIENTS:
        native.filegroup(
            name = "{}_{}".format(name, language),
            srcs = trait_libraries(language, documents),
            visibility = ["//tools/quality:__pkg__"],
        )

def trait_libraries(language, documents):
    """The libraries of a language, for its test.

    Args:
      language: the language's name.
      documents: what traits was given.

    Returns:
      the labels of the libraries.
    """
    return [":{}_{}".format(document.removesuffix(".yaml"), language) for document in documents]
