"""The command line: ``generate_library``.

It ends with 0 when all is written, with 1 when something is wrong with what it was given (each
problem is one line on stderr, and nothing was written), and with 2 when the options themselves are.
``--check`` and ``--diff`` end with 0 or 1 for what they found, and with 2 when they could not tell.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from .problems import GenerationError, Problems, ProblemsFound, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .languages import Found
    from .lock import Lock, Origin
    from .model import Api
    from .source import Source

#: Where the user name and the password may stand, for a run without a terminal.
USERNAME_VARIABLE = "API_USERNAME"
PASSWORD_VARIABLE = "API_PASSWORD"

_EPILOG = f"""\
A library from a live server:

  generate_library --lang=python --out=library --username=me \\
      --resource=http://localhost:8088/ari/api-docs/resources.json

Without --password it is taken from the variable {PASSWORD_VARIABLE} (the user name from
{USERNAME_VARIABLE}), or asked for.

Is it still up to date? Do two descriptions differ in what would break a program?

  generate_library --check --out=library
  generate_library --diff old_documents new_documents

Exit status: 0 if so (or if nothing breaks), 1 if not, 2 if it cannot be told.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="generate_library",
        description="Turns the documents that describe a REST API into client libraries.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        fromfile_prefix_chars="@",
    )
    parser.add_argument(
        "--lang",
        metavar="NAME",
        help="the language: one of --list-languages, several with commas, or all",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--dir",
        metavar="FOLDER",
        help="the folder of the documents; resources.json in it lists them, or openapi.yaml (.json, …) is read",
    )
    source.add_argument(
        "--resource",
        metavar="FILE-OR-URL",
        help="a listing or a single document, JSON or YAML: a file, or an address of a live server",
    )
    source.add_argument(
        "--model", metavar="FILE", help="a model written by --dump-model, instead of documents"
    )
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        help="where the library is written; with several languages, each has its own folder in it",
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="names and more (default: client.toml beside the documents, if there is one; '--settings=': none)",
    )
    parser.add_argument(
        "--package", metavar="NAME", help="the package's name, instead of the settings'"
    )
    parser.add_argument(
        "--languages",
        metavar="FOLDER[:TEMPLATES]",
        help="a folder with further languages, and one with their templates",
    )
    parser.add_argument(
        "--templates",
        metavar="FOLDER",
        help="a folder whose NAME/… takes the place of templates of the language NAME, or is added to them",
    )
    parser.add_argument("--username", metavar="NAME", help="the user of a live server")
    parser.add_argument(
        "--password",
        metavar="PASSWORD",
        help="the user's password; others on this machine can see options",
    )
    parser.add_argument(
        "--list-languages", action="store_true", help="print the languages, and end"
    )
    parser.add_argument(
        "--dump-model",
        metavar="FILE",
        nargs="?",
        const="-",
        help="write the model as JSON, to FILE or to stdout",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing, but say whether the library in the folder --out is up to date; "
        "what it was generated from is known there",
    )
    parser.add_argument(
        "--diff",
        metavar=("OLD", "NEW"),
        nargs=2,
        help="say what changed from one description to another, what breaks programs first; "
        "each is a folder, a file, an address or a model",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        help="how --diff says it (default: text)",
    )
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files of the output folder that were changed or not generated",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="say nothing of what went well, only of problems"
    )
    parser.add_argument(
        "--traceback", action="store_true", help="show where an internal error arose"
    )
    parser.add_argument(
        "--version", action="store_true", help="print the generator's version, and end"
    )
    # Set where only a lock says where the documents are (see checking).
    parser.set_defaults(from_lock=False)
    return parser


def program() -> NoReturn:
    """Run the command line as a whole process, which ends at once.

    Python would give back the memory of every single object first, which takes longer than writing
    the library does.
    """
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody is left to read it
        code = code or 1
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    problems = Problems()
    asks = options.check or options.diff is not None
    failed = 2 if asks else 1
    # A short run that keeps nearly all it makes: looking for garbage would only cost time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        code = _run(parser, options, problems)
    except ProblemsFound:
        _show(problems, "" if asks else "; nothing was written")
        code = failed
    except GenerationError as error:
        _show(problems)
        _say(f"error: {printable(str(error))}")
        code = failed
    except KeyboardInterrupt:
        _say("interrupted; nothing was left half-written")
        code = 130
    except RecursionError:
        _say("error: something in the description is nested too deeply")
        code = failed
    except BrokenPipeError:
        # Whoever read stdout has gone: nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = failed
    except OSError as error:
        if options.traceback:
            raise
        place = f"{printable(str(error.filename))}: " if error.filename else ""
        _say(f"error: {place}{error.strerror or type(error).__name__}")
        code = failed
    except Exception as error:
        # A mistake of the generator or of a language, never one of the user's.
        if options.traceback:
            raise
        _say(f"internal error: {_explained(error)}; --traceback shows more")
        code = failed
    finally:
        if collecting:
            gc.enable()
    return code


def _explained(error: BaseException) -> str:
    """Return an unexpected error in one line, with the place where it arose."""
    traceback = error.__traceback__
    place = ""
    while traceback is not None:
        place = f" at {traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return printable(f"{type(error).__name__}: {error}{place}")


def _run(parser: argparse.ArgumentParser, options: argparse.Namespace, problems: Problems) -> int:
    if options.version:
        from . import __version__

        _print(f"generate_library {__version__}")
        return 0
    if options.list_languages:
        from . import languages

        for name in languages.find(options.languages):
            _print(name)
        return 0
    if options.format and not options.diff:
        parser.error("--format goes with --diff")
    if options.diff:
        return _diff(parser, options, problems)
    if options.check:
        return _check(parser, options, problems)
    if not (options.dir or options.resource or options.model):
        parser.error("one of --dir, --resource and --model is needed")
    if not options.lang and not options.dump_model:
        parser.error("--lang is needed (or --dump-model)")
    if options.lang and not options.out:
        parser.error("--out is needed: the folder to write to")
    if options.out and not options.lang:
        parser.error("--out without --lang: which language is to be written?")
    if options.model and options.settings:
        parser.error("--settings does not go with --model, which has its settings in it")
    _check_package(parser, options.package)
    chosen = []
    if options.lang:
        from . import languages

        chosen = languages.choose(options.lang, languages.find(options.languages))
        if not chosen:
            raise GenerationError("there is no language to write")
        if options.templates:
            languages.check_templates(options.templates, chosen)
    api, origin = _read(options, problems)
    _show_warnings(options, problems)
    if options.dump_model:
        _dump(api, options.dump_model)
    if chosen:
        _generate(api, origin, chosen, options)
    return 0


def _show_warnings(options: argparse.Namespace, problems: Problems) -> None:
    warnings = problems.warnings
    _show(problems)
    if options.strict and warnings:
        raise GenerationError(
            "there were warnings, which --strict makes errors; nothing was written"
        )


def _check_package(parser: argparse.ArgumentParser, package: str | None) -> None:
    if package is not None:
        import re

        if not re.match(r"[A-Za-z][A-Za-z0-9_]*(?:(?:\.|::|-)[A-Za-z0-9_]+)*\Z", package):
            parser.error("--package must be the name of a package: letters, digits and underscores")


def _read(options: argparse.Namespace, problems: Problems) -> tuple[Api, Origin | None]:
    """Return the model, and what it comes from if not from a model."""
    from . import source

    if options.model:
        from . import model_json

        root = source.open_source(options.model, problems).root()
        return model_json.deserialize(root, problems), None
    from . import readers, settings
    from .lock import Origin

    if options.dir:
        documents = source.open_folder(options.dir, problems)
    else:
        username = password = None
        if source.is_url(options.resource) and not options.from_lock:
            username, password = _credentials(options)
        documents = source.open_source(options.resource, problems, username, password)
    description = readers.read(documents, problems)
    path, data = _settings_file(options, documents) or None, None
    if path is None:
        api = settings.without_settings(description, problems)
    else:
        text, data = settings.load(path, problems)
        api = settings.apply(description, data, text, problems)
    place = options.dir or options.resource
    name, url = api.client.name, api.client.url
    return api, Origin(place, bool(options.dir), description, name, url, path, data)


def _settings_file(options: argparse.Namespace, documents: Source) -> str | None:
    from .settings import FILE

    if options.settings is not None:
        return str(options.settings)
    beside = os.path.join(documents.folder or "", FILE)
    return beside if documents.folder is not None and os.path.exists(beside) else None


def _credentials(options: argparse.Namespace) -> tuple[str | None, str | None]:
    username = options.username or os.environ.get(USERNAME_VARIABLE)
    if username is None:
        return None, None
    password = (
        options.password if options.password is not None else os.environ.get(PASSWORD_VARIABLE)
    )
    if password is None:
        if not sys.stdin.isatty():
            raise GenerationError(
                f"the password is missing: give it in the variable {PASSWORD_VARIABLE}"
            )
        import getpass

        try:
            password = getpass.getpass(f"Password of {printable(username)}: ")
        except EOFError:
            raise GenerationError("no password was given") from None
    return username, password


def _dump(api: Api, target: str) -> None:
    from . import model_json

    text = model_json.serialize(api).encode("utf-8")
    if target == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    else:
        from .output import write_file

        write_file(target, text)


def _generate(
    api: Api, origin: Origin | None, chosen: Sequence[Found], options: argparse.Namespace
) -> None:
    from . import output

    outputs = []
    for language in chosen:
        folder = _folder(options, language.name)
        files = _rendered(api, language, options)
        lock = None if origin is None else _lock(origin, folder, language, files, options).text()
        library = output.Output(folder, files, overwrite=options.overwrite, lock=lock)
        outputs.append((language, library))
    for language, library in outputs:
        if not options.quiet:
            _progress(f"writing {language.name} …")
        library.write()
    _progress("")
    for language, library in outputs:
        for path in library.kept:
            _say(
                f"{printable(path)}: warning: it is no longer generated, but was changed, and stays"
            )
        if not options.quiet:
            count = f"{len(library.files)} files in {printable(library.shown)}"
            _print(f"{language.name}: {count} ({library.changes} changed)")


def _folder(options: argparse.Namespace, language: str) -> str:
    """Return where the library in a language is written to."""
    several = options.lang == "all" or "," in options.lang
    return os.path.join(options.out, language) if several else str(options.out)


def _rendered(api: Api, language: Found, options: argparse.Namespace) -> dict[str, bytes]:
    from . import renderer, template_cache

    if not options.quiet:
        _progress(f"generating {language.name} …")
    cache = template_cache.TemplateCache(template_cache.place(language.folder / "language.py"))
    return renderer.render(
        language.load(),
        api,
        options.package,
        language.templates,
        language.runtime,
        cache,
        language.own_templates(options.templates),
    )


def _lock(
    origin: Origin,
    folder: str,
    language: Found,
    files: dict[str, bytes],
    options: argparse.Namespace,
) -> Lock:
    from . import languages, lock

    brought = None
    if options.languages and languages.find().get(language.name) != language:
        brought = str(language.folder.parent)
    own = language.own_templates(options.templates)
    templates = None if own is None else str(own.parent)
    return lock.make(origin, folder, language.name, options.package, brought, templates, files)


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace, problems: Problems) -> int:
    """Say whether libraries are up to date; give 0 if all are, 1 if not."""
    if not options.out:
        parser.error("--check needs --out: the folder of the library")
    for name in ("model", "dump_model", "overwrite"):
        if getattr(options, name):
            parser.error(f"--{name.replace('_', '-')} does not go with --check")
    if not options.resource:
        # An address that only a lock gives must not get what is in the environment, either.
        for name in ("username", "password"):
            if getattr(options, name) is not None:
                parser.error(
                    f"--{name} needs --resource: credentials go only to an address that you give"
                )
    _check_package(parser, options.package)
    from . import checking, languages

    known = languages.find(options.languages)
    read: dict[Any, tuple[Api, Origin | None]] = {}
    code = 0
    for folder, wanted in checking.libraries(options.out, options.lang, known):
        old = checking.lock_of(folder)
        asked = checking.asked(options, old, folder)
        language = checking.language(wanted or old.language, old, known, options.languages)
        if options.templates:
            languages.check_templates(options.templates, [language])
        key = (asked.dir, asked.resource, asked.settings)
        if key not in read:
            try:
                read[key] = _read(asked, problems)
            except ProblemsFound:
                if asked.from_lock and any("HTTP status 401" in p.cause for p in problems.items):
                    cause = (
                        "credentials go only to an address that you give: repeat it as --resource"
                    )
                    problems.error(asked.resource, "", cause)
                raise
            _show_warnings(options, problems)
        api, origin = read[key]
        assert origin is not None
        files = _rendered(api, language, asked)
        new = _lock(origin, folder, language, files, asked)
        reasons = checking.reasons(old, new, origin, folder, files)
        _progress("")
        shown = f"{language.name}: {printable(folder)}"
        if reasons:
            code = 1
            _print(f"{shown} is not up to date")
            for reason in reasons:
                _print(f"  {reason}")
        elif not options.quiet:
            _print(f"{shown} is up to date")
    return code


def _diff(parser: argparse.ArgumentParser, options: argparse.Namespace, problems: Problems) -> int:
    """Say what changed from one description to another; give 1 if that breaks programs."""
    for name in (
        *("lang", "dir", "resource", "model", "out", "settings", "package", "languages"),
        *("templates", "dump_model", "overwrite", "check"),
    ):
        if getattr(options, name):
            parser.error(f"--{name.replace('_', '-')} does not go with --diff")
    from . import differences, lock, source

    servers = {source.origin(place) for place in options.diff if source.is_url(place)}
    credentials: tuple[str | None, str | None] = (None, None)
    if servers:
        credentials = _credentials(options)
    if credentials[0] is not None and len(servers) > 1:
        parser.error(
            "the credentials would go to two servers: write the model of one with --dump-model first"
        )
    models = []
    for place in options.diff:
        models.append(_described(place, credentials, problems))
        _show_warnings(options, problems)
    changes = differences.compare(*models)
    levels = (differences.BREAKING,) if options.quiet else differences.LEVELS
    if options.format == "json":
        _write(differences.as_json(changes, levels))
    elif not options.quiet or differences.is_breaking(changes):
        old, new = (
            printable(lock.without_credentials(place) if source.is_url(place) else place)
            for place in options.diff
        )
        _write(f"From {old} to {new}\n\n{differences.as_text(changes, levels)}")
    return 1 if differences.is_breaking(changes) else 0


def _described(place: str, credentials: tuple[str | None, str | None], problems: Problems) -> Api:
    """Return the model of what ``--diff`` was given, without any settings."""
    from . import model_json, readers, settings, source

    if os.path.isdir(place):
        documents = source.open_folder(place, problems)
    else:
        given = credentials if source.is_url(place) else (None, None)
        documents = source.open_source(place, problems, *given)
        if not source.is_url(place):
            root = documents.root()
            if isinstance(root.data, dict) and "model_version" in root.data:
                return model_json.deserialize(root, problems)
    return settings.without_settings(readers.read(documents, problems), problems)


def _show(problems: Problems, outcome: str = "; nothing was written") -> None:
    for problem in problems.items:
        _say(str(problem))
    if problems.errors:
        _say(f"{problems.errors} error{'s' if problems.errors != 1 else ''}{outcome}")
    problems.items.clear()


def _say(text: str) -> None:
    _progress("")
    sys.stderr.write(text + "\n")


def _print(text: str) -> None:
    _write(text + "\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _progress(text: str) -> None:
    """Show what is being done, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
