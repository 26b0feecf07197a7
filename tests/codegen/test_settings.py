"""client.toml, and what is found out without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from codegen import __version__
from codegen.model import (
    Access,
    EventEnd,
    ObjectId,
    ObjectType,
    OperationRef,
    Plural,
    RateLimit,
    Type,
    Windows,
)
from codegen.problems import Problems, ProblemsFound
from codegen.readers import read as read_description
from codegen.source import open_folder
from codegen.text import DocText
from testing.paths import repository_file

from tests.codegen.helpers import (
    api_of,
    apply,
    document,
    errors,
    good,
    model,
    operation,
    parameter,
    warnings,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.model import Api, Operation, Parameter
    from codegen.readers import Description


def path_id(name: str) -> dict[str, Any]:
    return parameter(name, paramType="path", required=True)


LAMPS = document(
    ("/lamps", operation("list", responseClass="List[Lamp]")),
    (
        "/lamps",
        operation("add", httpMethod="POST", responseClass="Lamp", parameters=[parameter("lampId")]),
    ),
    ("/lamps/{lampId}", operation("get", responseClass="Lamp", parameters=[path_id("lampId")])),
    (
        "/lamps/{lampId}/on",
        operation("turnOn", httpMethod="POST", parameters=[path_id("lampId")]),
    ),
    (
        "/lamps/{lampId}/move",
        operation(
            "move",
            httpMethod="POST",
            parameters=[
                path_id("lampId"),
                parameter("room"),
                parameter("neighbour"),
                parameter("settings", paramType="body", dataType="containers"),
            ],
        ),
    ),
    (
        "/rooms/{floor}/{room}",
        operation("room", responseClass="Room", parameters=[path_id("floor"), path_id("room")]),
    ),
    (
        "/events",
        operation(
            "listen",
            responseClass="Message",
            upgrade="websocket",
            parameters=[parameter("app", required=True, allowMultiple=True)],
        ),
    ),
    ("/watch", operation("watch", httpMethod="POST")),
    models={
        "Lamp": model("Lamp", {"id": "string", "watts": "int"}),
        "Room": model("Room", {"floor": "string", "number": "string"}),
        "Message": model(
            "Message", {"type": "string"}, discriminator="type", subTypes=["Broke", "Answer"]
        ),
        "Broke": model("Broke", {"lamp": "Lamp", "why": "string"}),
        "Answer": model("Answer"),
    },
)


@pytest.fixture
def lamps(tmp_path: Path) -> Description:
    return good(tmp_path / "house", LAMPS)


def ref(name: str) -> OperationRef:
    return OperationRef(DocText("things"), DocText(name))


def operations(api: Api | None) -> dict[str, Operation]:
    assert api is not None
    return {str(op.name): op for resource in api.resources for op in resource.operations}


def parameters(api: Api | None, name: str) -> dict[str, Parameter]:
    return {str(p.name): p for p in operations(api)[name].parameters}


# --- without settings


def test_everything_has_a_default(lamps: Description) -> None:
    api = api_of(lamps)
    assert api.client.name == "house"
    assert api.client.error_prefix == "House"
    assert api.client.version == "1.0.0"
    assert api.client.names == ()
    assert api.access == Access()
    assert api.shortcuts == ()


def test_objects_are_found(lamps: Description) -> None:
    (found,) = api_of(lamps).objects
    assert found == ObjectType(
        model=DocText("Lamp"),
        path=DocText("/lamps/{lampId}"),
        ids=(ObjectId(DocText("lampId"), DocText("id")),),
        operations=(ref("get"), ref("turnOn"), ref("move")),
        creators=(ref("add"),),
        new=True,
    )


def test_ids_refer_to_their_objects(lamps: Description) -> None:
    api = api_of(lamps)
    assert parameters(api, "turnOn")["lampId"].reference == "Lamp"
    assert parameters(api, "add")["lampId"].reference == "Lamp"
    assert parameters(api, "move")["room"].reference is None


def test_events_are_found(lamps: Description) -> None:
    events = api_of(lamps).events
    assert events is not None
    assert (events.operation, events.model, events.application) == (ref("listen"), "Message", "app")
    assert events.ends == ()


@pytest.mark.parametrize(
    ("parameter_name", "model_name", "properties", "expected"),
    [
        ("lampId", "Lamp", {"id": "string"}, "id"),
        ("lampName", "Lamp", {"name": "string"}, "name"),
        ("lamp_id", "Lamp", {"id": "string"}, "id"),
        ("lamp", "Lamp", {"id": "string"}, "id"),
        ("id", "Lamp", {"id": "string"}, "id"),
        ("deviceName", "DeviceState", {"name": "string"}, "name"),
        ("recordingName", "StoredRecording", {"name": "string"}, "name"),
        ("serial", "Lamp", {"id": "string"}, ""),
        ("lampId", "Lamp", {"watts": "int"}, ""),
        ("roomId", "Lamp", {"id": "string"}, ""),
    ],
)
def test_what_is_taken_for_an_object(
    tmp_path: Path,
    parameter_name: str,
    model_name: str,
    properties: dict[str, str],
    expected: str,
) -> None:
    description = good(
        tmp_path,
        document(
            (
                f"/x/{{{parameter_name}}}",
                operation(responseClass=model_name, parameters=[path_id(parameter_name)]),
            ),
            models={model_name: model(model_name, properties)},
        ),
    )
    found = [str(kind.ids[0].property) for kind in api_of(description).objects]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("folder", "expected"), [("ari", "ari"), ("Rest API", "rest-api"), ("2nd", "api-2nd"), ("дом", "u0434u043eu043c")]
)  # fmt: skip
def test_the_name_comes_from_the_folder(tmp_path: Path, folder: str, expected: str) -> None:
    api = api_of(good(tmp_path / folder, document(("/a", operation()))))
    assert api.client.name == expected


# --- with settings


def test_the_library_itself(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(
        lamps,
        """
        [client]
        name = "lamp"
        title = "Lamps"
        version = "2.1"
        licence = "MIT"
        homepage = "https://example.org/lamps"
        authors = ["A. Person <a@example.org>"]
        error_prefix = "Lamp"
        [client.python]
        package = "lamppy"
        class = "LampPy"
        distribution = "lamp-py"
        example = '''
        import lamppy

        print("on")
        '''
        """,
        tmp_path,
    )
    assert problems == []
    assert api is not None
    assert (api.client.name, api.client.title, api.client.version) == ("lamp", "Lamps", "2.1")
    assert api.client.authors == ("A. Person <a@example.org>",)
    (names,) = api.client.names
    assert (names.language, names.package) == ("python", "lamppy")
    assert (names.library_class, names.distribution) == ("LampPy", "lamp-py")
    assert isinstance(names.example, DocText)
    assert names.example.split() == ["import", "lamppy", 'print("on")']


def test_access(lamps: Description, tmp_path: Path) -> None:
    api, _ = apply(lamps, '[access]\nlists = "repeat"\nquery_limit = 3500', tmp_path)
    assert api is not None
    assert api.access == Access("resources", "repeat", 3500)


def test_access_by_paths(lamps: Description, tmp_path: Path) -> None:
    toml = """
        [access]
        shape = "paths"
        plurals = { lamps = "lights" }
        own = { word = "@me", users = { lampId = "lamp" } }
        rate_limit = { limit = "X-Limit" }
        windows = { start = "room", end = "neighbour", months = 2 }
        links = true
        """
    api, problems = apply(lamps, toml, tmp_path)
    assert api is not None
    assert problems == []
    assert (api.objects, api.events) == ((), None)
    assert api.access.windows == Windows(DocText("room"), DocText("neighbour"), 2)
    assert api.access.plurals == (Plural(DocText("lamps"), DocText("lights")),)
    assert api.access.own == "@me"
    assert api.access.rate_limit == RateLimit(
        DocText("X-Limit"), DocText("RateLimit-Remaining"), DocText("RateLimit-Reset")
    )
    assert api.access.links
    own = [
        (str(operation.name), str(each.name), each.own)
        for resource in api.resources
        for operation in resource.operations
        for each in operation.parameters
        if each.own
    ]
    assert own
    assert all(entry[1:] == ("lampId", "lamp") for entry in own)


def test_hints_and_where_the_api_is(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(
        lamps,
        """
        [client]
        url = "http://lamps.example:8080/api"
        [access]
        credentials_parameter = "api_key"
        [hints]
        404 = "Is it there?"
        401 = "Check the password."
        """,
        tmp_path,
    )
    assert problems == []
    assert api is not None
    assert api.client.url == "http://lamps.example:8080/api"
    assert api.access.credentials_parameter == "api_key"
    assert [(hint.status, str(hint.text)) for hint in api.client.hints] == [
        (401, "Check the password."),
        (404, "Is it there?"),
    ]


def test_objects(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(
        lamps,
        """
        [objects]
        Room = { path = "/rooms/{floor}/{room}", ids = { room = "number" } }
        Lamp = { creators = [], new = false }
        """,
        tmp_path,
    )
    assert problems == []
    assert api is not None
    room, lamp = api.objects
    assert room.model == "Room"
    assert [(i.parameter, i.property) for i in room.ids] == [("floor", "floor"), ("room", "number")]
    assert room.operations == (ref("room"),)
    assert not room.new
    assert lamp.creators == ()
    assert not lamp.new


def test_no_further_objects(lamps: Description, tmp_path: Path) -> None:
    api, _ = apply(lamps, "[objects]\ndefaults = false", tmp_path)
    assert api is not None
    assert api.objects == ()


def test_shortcuts(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(
        lamps,
        """
        [shortcuts]
        getLamps = "things.list"
        getRoom = { operation = "things.room", split = "/" }
        """,
        tmp_path,
    )
    assert problems == []
    assert api is not None
    lamps_shortcut, room = api.shortcuts
    assert (lamps_shortcut.name, lamps_shortcut.target) == ("getLamps", ref("list"))
    assert (room.name, room.target, room.split) == ("getRoom", ref("room"), "/")


def test_events(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(
        lamps,
        """
        [events]
        operation = "things.listen"
        model = "Message"
        application = "app"
        replaced = "Answer"
        keep = ["Answer"]
        [events.ends]
        Broke = { property = "lamp", grace = 60 }
        [events.subscriptions]
        "things.watch" = "add"
        """,
        tmp_path,
    )
    assert problems == []
    assert api is not None
    events = api.events
    assert events is not None
    assert events.ends == (EventEnd(DocText("Broke"), DocText("lamp"), 60.0),)
    assert (events.replaced, events.keep) == ("Answer", ("Answer",))
    assert operations(api)["watch"].subscription == "add"
    assert operations(api)["list"].subscription == ""


def test_parameters(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(
        lamps,
        """
        [values]
        strings = ["settings"]
        [references]
        "things.move.neighbour" = "Lamp"
        [types]
        room = "integer"
        """,
        tmp_path,
    )
    assert problems == []
    found = parameters(api, "move")
    assert found["settings"].text_values
    assert found["settings"].type == Type("map", item=Type("any"))
    assert found["neighbour"].reference == "Lamp"
    assert found["room"].type == Type("integer")


def test_a_member_that_is_the_whole_body(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(lamps, '[values]\nbodies = ["things.move.settings"]', tmp_path)
    assert problems == []
    assert parameters(api, "move")["settings"].location == "body"


def test_only_a_member_can_be_the_whole_body(lamps: Description, tmp_path: Path) -> None:
    api, problems = apply(lamps, '[values]\nbodies = ["things.move.neighbour"]', tmp_path)
    assert api is None
    assert "is no member of a body: it is in the query" in str(problems[0])


def test_types(lamps: Description, tmp_path: Path) -> None:
    for text, expected in {
        "List[Lamp]": Type("list", item=Type("model", DocText("Lamp"))),
        "Map[List[any]]": Type("map", item=Type("list", item=Type("any"))),
    }.items():
        api, problems = apply(lamps, f'[types]\n"things.move.settings" = "{text}"', tmp_path)
        assert problems == []
        assert parameters(api, "move")["settings"].type == expected


def test_a_library_has_the_version_of_the_generator_where_it_asks_for_it(
    lamps: Description, tmp_path: Path
) -> None:
    api, problems = apply(lamps, '[client]\nversion = "generator"', tmp_path)
    assert problems == []
    assert api is not None
    assert api.client.version == __version__


# --- mistakes

MISTAKES = [
    ("[clinet]", '/clinet: there is no setting "clinet" here (did you mean client?)'),
    ("[client]\ncolour = 1", '/client/colour: there is no setting "colour" here'),
    ("[client]\nname = 5", "/client/name: name must be a text, not 5"),
    ('[client]\nname = "../x"', '/client/name: "../x" cannot be a name'),
    ('[client]\nerror_prefix = "a b"', '/client/error_prefix: "a b" cannot be the error_prefix'),
    ('[client]\nversion = "new"', '/client/version: "new" cannot be the version'),
    ('[client]\nlicence = "a\\nb"', "/client/licence: "),
    ('[client]\ntitle = "a\\nb"', "/client/title: "),
    ('[client]\nhomepage = "javascript:x"', "/client/homepage: "),
    ("[client]\nauthors = [1]", "/client/authors: authors must be a list of texts"),
    ('[client]\nauthors = ["a\\nb"]', "/client/authors: "),
    ('[client.python]\npackage = "../x"', '/client/python/package: "../x" cannot be the package'),
    ('[client.python]\nclass = "a b"', '/client/python/class: "a b" cannot be the class'),
    ('[client.python]\ndistribution = "-x"', "/client/python/distribution: "),
    ('[client.python]\nexample = "\\r"', '/client/python/example: "\r" cannot be the example'),
    ('[client.python]\nexample = ["a"]', "/client/python/example: example must be a text"),
    ('[client.python]\nclas = "A"', '/client/python/clas: there is no setting "clas" here (did'),
    ('[access]\nlists = "commas"', '/access/lists: "commas" cannot be the lists'),
    ("[access]\nlist = 1", '/access/list: there is no setting "list" here (did you mean lists?)'),
    (
        '[shortcuts]\na = { operation = "things.list", spilt = "/" }',
        '/shortcuts/a/spilt: there is no setting "spilt" here (did you mean split?)',
    ),
    (
        '[events.ends]\nBroke = { property = "lamp", graze = 1 }',
        '/events/ends/Broke/graze: there is no setting "graze" here (did you mean grace?)',
    ),
    (
        '[events.ends]\nBroke = { property = "lamp", grace = 1e9 }',
        "/events/ends/Broke/grace: grace must not be negative, nor without measure",
    ),
    (
        '[objects]\nRoom = { path = "/rooms/{floor}/{room}", ids = { room = "number" }, '
        'creators = ["things.add"] }',
        "/objects/Room/creators: only an object with a single id can have creators",
    ),
    (
        '[types]\n"things.move.settings" = "' + "List[" * 9 + "string" + "]" * 9 + '"',
        "/types/things.move.settings: ",
    ),
    (
        '[access]\nshape = "paths"\n[objects]\nLamp = {}',
        '/objects: objects need shape = "resources"',
    ),
    ("[access]\nlinks = true", '/access/links: links needs shape = "paths"'),
    (
        '[access]\nshape = "paths"\npaging = { page = "room" }',
        "/access/paging/size: there must be a setting size: the name of a parameter",
    ),
    (
        '[access]\nshape = "paths"\nwindows = { start = "room", end = "neighbour", months = 0 }',
        "/access/windows/months: months must be at least 1",
    ),
    (
        '[access]\nshape = "paths"\nown = { word = "a b" }',
        '/access/own/word: "a b" cannot be the word',
    ),
    (
        '[access]\nrate_limit = { limit = "a b" }',
        '/access/rate_limit/limit: "a b" cannot be the limit',
    ),
    ('[access]\nshape = "x"', '/access/shape: "x" cannot be the shape'),
    ("[hints]\nsometimes = 'x'", '/hints/sometimes: "sometimes" is no HTTP status'),
    ("[hints]\n404 = 5", "/hints/404: 404 must be a text"),
    ('[access]\ncredentials_parameter = "a b"', "/access/credentials_parameter: "),
    ('[client]\nurl = "lamps"', "/client/url: "),
    ("[access]\nquery_limit = -1", "/access/query_limit: query_limit must not be negative"),
    ("[access]\nquery_limit = true", "/access/query_limit: query_limit must be a number"),
    ("[objects]\nLamp = 5", "/objects/Lamp: Lamp must be a table"),
    ("[objects]\nRoom = {}", "/objects/Room: no operation gives one Room by its id"),
    ('[objects]\nLamp = { path = "/lamps" }', '/objects/Lamp/path: "/lamps" is not the path of'),
    ('[objects]\nLamp = { ids = { lampId = "no" } }', "/objects/Lamp/ids: the model Lamp has no"),
    ('[objects]\nLamp = { ids = { id = "id" } }', '/objects/Lamp/ids/id: there is no setting "id"'),
    (
        '[objects]\nRoom = { path = "/rooms/{floor}/{room}" }',
        "/objects/Room/ids: ids must say which property of Room the parameter room takes",
    ),
    ('[shortcuts]\n"a b" = "things.list"', '/shortcuts/a b: "a b" cannot be the name'),
    (
        '[shortcuts]\na = { operation = "things.list", split = "/" }',
        "/shortcuts/a: things.list does not have the two path parameters",
    ),
    (
        '[shortcuts]\na = { operation = "things.room", split = "//" }',
        "/shortcuts/a: split must be one character",
    ),
    ('[events]\noperation = "things.list"', "/events/operation: things.list is not a WebSocket"),
    ('[events]\nmodel = "Lamp"', "/events/model: the model Lamp has no discriminator"),
    ('[events.ends]\nBroke = "lam"', '/events/ends/Broke: the event Broke has no property "lam"'),
    ('[events.ends]\nBroke = "why"', '/events/ends/Broke: the property "why" of Broke is not an'),
    (
        '[events.ends]\nBroke = { property = "lamp", grace = -1 }',
        "/events/ends/Broke/grace: grace must not be negative",
    ),
    (
        '[events.subscriptions]\n"things.watch" = "do"',
        "/events/subscriptions/things.watch: a subscription is one of add, remove, replace",
    ),
    ('[values]\ntexts = ["x"]', '/values/texts: there is no setting "texts" here'),
    ('[references]\nneighbour = "Room"', '/references/neighbour: there are no objects "Room"'),
    (
        '[types]\n"things.move.room" = "Lamp"',
        '/types/things.move.room: a "Lamp" cannot be sent in the query',
    ),
    (
        '[types]\n"things.move.room" = "List[object]"',
        '/types/things.move.room: a "List[object]" cannot be sent in the',
    ),
    ('[types]\nroom = "Chair"', '/types/room: "Chair" is not a type'),
]


@pytest.mark.parametrize(("toml", "expected"), MISTAKES, ids=[m[1] for m in MISTAKES])
def test_mistakes(lamps: Description, tmp_path: Path, toml: str, expected: str) -> None:
    api, problems = apply(lamps, toml, tmp_path)
    assert api is None
    (error,) = errors(problems)
    assert error.startswith(expected)
    assert problems[0].line in (1, 2, 3)


# What the documents do not have: the settings may have been written for another version.
ABSENT = [
    ("[objects]\nLamb = {}", '/objects/Lamb: there is no model "Lamb" (did you mean Lamp?)'),
    ('[objects]\nLamp = { path = "/l/{x}" }', "/objects/Lamp/path: no operation's path begins"),
    ('[objects]\nLamp = { creators = ["x"] }', '/objects/Lamp/creators: there is no operation "x"'),
    ('[shortcuts]\na = "things.lost"', '/shortcuts/a: there is no operation "things.lost" (did'),
    ('[events]\nmodel = "Nothing"', '/events/model: there is no model "Nothing"'),
    (
        '[events]\napplication = "apps"',
        '/events/application: things.listen has no parameter "apps"',
    ),
    ('[events]\nreplaced = "Brake"', '/events/replaced: there is no event "Brake"'),
    ('[events]\nkeep = ["Brake"]', '/events/keep: there is no event "Brake"'),
    ('[events.ends]\nBrake = "lamp"', '/events/ends/Brake: there is no event "Brake" (did you'),
    ('[events.subscriptions]\n"x.y" = "add"', "/events/subscriptions/x.y: there is no operation"),
    ('[values]\nstrings = ["x"]', '/values/strings: no operation has a parameter "x"'),
    ('[values]\nbodies = ["x"]', '/values/bodies: no operation has a parameter "x"'),
    ('[references]\nneighbor = "Lamp"', "/references/neighbor: no operation has a parameter"),
    ('[types]\nroomy = "string"', '/types/roomy: no operation has a parameter "roomy" (did'),
]


@pytest.mark.parametrize(("toml", "expected"), ABSENT, ids=[a[1] for a in ABSENT])
def test_what_the_documents_do_not_have(
    lamps: Description, tmp_path: Path, toml: str, expected: str
) -> None:
    api, problems = apply(lamps, toml, tmp_path)
    assert api is not None
    (warning,) = warnings(problems)
    assert warning.startswith(expected)
    assert warning.endswith("; this setting is passed over")
    assert problems[0].line in (1, 2)
    if "events" not in toml and "creators" not in toml:
        assert api == apply(lamps, "", tmp_path)[0]


def test_one_document_of_several_lacks_much(lamps: Description, tmp_path: Path) -> None:
    import dataclasses

    alone = dataclasses.replace(lamps, partial=True)
    toml = "[objects]\n" + "".join(f"M{number} = {{}}\n" for number in range(6))
    api, problems = apply(alone, toml, tmp_path)
    assert api is not None
    assert warnings(problems) == [
        ": 6 settings are about what this document alone does not have; they are passed over"
    ]
    _, problems = apply(alone, toml.replace("M5 = {}\n", ""), tmp_path)
    assert len(warnings(problems)) == 5
    _, problems = apply(lamps, toml, tmp_path)
    assert len(warnings(problems)) == 6


def test_all_mistakes_are_shown(lamps: Description, tmp_path: Path) -> None:
    _, problems = apply(lamps, '[client]\nname = 1\n[x]\n[shortcuts]\na = "b.c"', tmp_path)
    assert [(p.line, p.pointer) for p in problems] == [
        (2, "/client/name"),
        (3, "/x"),
        (5, "/shortcuts/a"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[client\n", "this is not TOML: "),
        (b"a = \xff\n", "the settings are not a UTF-8 text"),
        (b"a = " + b"[" * 100_000, "the settings are nested too deeply"),
        (b"#" * 1_000_001, "the settings are larger than 1 MB"),
    ],
    ids=["syntax", "encoding", "depth", "size"],
)
def test_what_is_not_toml(
    lamps: Description, tmp_path: Path, content: bytes, expected: str
) -> None:
    from codegen import settings

    (tmp_path / "client.toml").write_bytes(content)
    problems = Problems()
    with pytest.raises(ProblemsFound):
        settings.load(str(tmp_path / "client.toml"), problems)
    assert len(problems.items) == 1
    assert problems.items[0].cause.startswith(expected)


def test_the_line_of_a_mistake_in_toml(tmp_path: Path) -> None:
    from codegen import settings

    problems = Problems()
    (tmp_path / "client.toml").write_text("[client]\n\nname = oops\n")
    with pytest.raises(ProblemsFound):
        settings.load(str(tmp_path / "client.toml"), problems)
    assert problems.items[0].line == 3


@pytest.mark.parametrize(
    ("path", "cause"), [("no.toml", "No such file or directory"), (".", "Is a directory")]
)
def test_settings_that_cannot_be_read(tmp_path: Path, path: str, cause: str) -> None:
    from codegen import settings

    problems = Problems()
    with pytest.raises(ProblemsFound):
        settings.load(str(tmp_path / path), problems)
    assert [p.cause for p in problems.items] == [f"the settings cannot be read: {cause}"]


def test_settings_of_just_a_megabyte(tmp_path: Path) -> None:
    from codegen import settings

    (tmp_path / "client.toml").write_bytes(b"#" * 1_000_000)
    assert settings.load(str(tmp_path / "client.toml"), Problems())[1] == {}


# --- the settings in the house


def test_the_settings_of_ari() -> None:
    folder = repository_file("test_resources/ari/resources.json").parent
    problems = Problems()
    description = read_description(open_folder(str(folder), problems), problems)
    from codegen import settings

    text, data = settings.load(str(folder / "client.toml"), problems)
    api = settings.apply(description, data, text, problems)
    assert problems.items == []
    assert [str(kind.model) for kind in api.objects][:3] == ["Channel", "Bridge", "Playback"]
    objects = {str(kind.model): kind for kind in api.objects}
    assert [(i.parameter, i.property) for i in objects["Endpoint"].ids] == [
        ("tech", "technology"),
        ("resource", "resource"),
    ]
    assert {str(c.operation) for c in objects["Channel"].creators} == {
        "originate",
        "create",
        "externalMedia",
    }
    assert {str(kind.model) for kind in api.objects if kind.new} == {
        "Channel",
        "Bridge",
        "Playback",
        "LiveRecording",
    }
    found = {f"{r.name}.{o.name}": o for r in api.resources for o in r.operations}
    add = {str(p.name): p for p in found["bridges.addChannel"].parameters}
    assert (add["channel"].reference, add["bridgeId"].reference) == ("Channel", "Bridge")
    originate = {str(p.name): p for p in found["channels.originate"].parameters}
    assert originate["variables"].text_values
    assert originate["variables"].location == "field"
    assert found["applications.subscribe"].subscription == "add"
    stored = {str(p.name): p for p in found["recordings.getStored"].parameters}
    assert stored["recordingName"].reference == "StoredRecording"
