"""The model of a REST API: what readers make and languages use.

It knows no document format and no programming language.  The classes are frozen and hold only
strings, numbers, booleans, ``None``, JSON values and tuples of each other, so that the model has
one canonical JSON form (``serialize`` and ``deserialize`` in ``model_json``).  Every string
that a document supplied is a ``DocText``.
"""

from __future__ import annotations

from typing import Any

from .text import DocText
from .values import value

#: The version of the JSON form; a change of any class below raises it.
MODEL_VERSION = 3

_NO_TEXT = DocText("")


@value
class Type:
    """The type of a value.

    ``kind`` is one of

    * ``string``, ``integer``, ``number``, ``boolean``, ``binary`` (bytes), ``datetime``;
    * ``any``: any JSON value; ``object``: a JSON object of unknown members;
    * ``void``: nothing (only as the result of an operation);
    * ``list``: ``item`` is the type of its elements;
    * ``map``: an object whose values are all of type ``item``;
    * ``model``: ``name`` is the model's.

    The others refine a kind, so that whoever knows the kinds alone is less exact and never wrong:
    ``nullable`` says that the value may be null; ``format`` of a ``string`` is ``base64`` where the
    text stands for bytes; ``one_of`` of ``any`` says which types the value may have.
    """

    kind: str
    name: DocText | None = None
    item: Type | None = None
    nullable: bool = False
    format: str = ""
    one_of: OneOf | None = None


@value
class DiscriminatorValue:
    """A value of a discriminator, and the model that it means."""

    value: DocText
    model: DocText


@value
class OneOf:
    """The types that a value may have.

    ``discriminator`` names the property whose value says which of the models among them it is:
    the model's name, or a ``value`` of ``mapping``.
    """

    types: tuple[Type, ...]
    discriminator: DocText | None = None
    mapping: tuple[DiscriminatorValue, ...] = ()


@value
class Parameter:
    """An argument of an operation.

    ``location`` says where its value travels: ``path``, ``query``, ``header``, ``body`` (the whole
    body) or ``field`` (the member ``name`` of the body); ``Operation.body`` says how a body is
    written.  Two parameters of an operation may have one name, in two locations.
    ``style`` says how a list, a map or a model travels outside of a JSON body; see ``STYLES``.
    ``pattern`` is a regular expression for the whole of a text, of the few signs that every language reads alike
    (see ``readers.patterns``); empty: any.  ``own`` is the type of user that may give ``Access.own``, a word for its
    own id; empty: the word means nothing here, or the types are not told apart.
    ``choices`` lists the values the document allows (empty: any).  ``reference`` names the model
    whose objects may stand for the value, their id being sent.  ``text_values`` is true for a map
    whose values the server accepts as strings only.  ``send_default`` says that the server does not
    know its own default: a library sends it where the program gives nothing.
    """

    name: DocText
    location: str
    type: Type
    required: bool
    description: DocText = _NO_TEXT
    default: Any = None
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    reference: DocText | None = None
    text_values: bool = False
    send_default: bool = False
    style: str = ""
    deprecated: bool = False
    pattern: DocText = _NO_TEXT
    own: str = ""


#: How several values travel outside of a JSON body.  Of a list: ``name=a,b``, ``name=a&name=b``, ``name=a%20b``,
#: ``name=a|b``, ``name[0]=a&name[1]=b``, the JSON text.  Of a map or a model: ``name=key,value``,
#: ``key=value``, -, -, ``name[key]=value``, the JSON text.  Empty: in the query and in a form a list as
#: ``Access.lists`` and ``repeat`` say, in path and header joined by commas; a map as JSON.
STYLES = ("", "comma", "repeat", "space", "pipe", "deep", "json")

#: How a request's body is written: see ``Operation``.
BODIES = ("json", "form", "multipart", "binary")


@value
class ErrorResponse:
    """An error that the document announces for an operation.

    ``code`` is its status; 4 and 5 stand for all of 4XX and 5XX, 0 for every status that the
    document does not name.
    """

    code: int
    reason: DocText


@value
class Operation:
    """One method on one path.  ``name`` is the document's nickname, unique within its resource.

    ``path`` is the template, with ``{name}`` for each path parameter, relative to the API's root.
    ``websocket`` marks the operation that upgrades to a WebSocket.
    ``subscription`` says what a successful call means for the events of a connection, so that a
    new connection can be told again: ``add``, ``remove``, ``replace`` or empty (see ``Events``).
    ``body`` says how the parameters in ``field`` or ``body`` travel: as ``json``, as a ``form``
    (``application/x-www-form-urlencoded``), as ``multipart`` (``multipart/form-data``, where a field of
    the kind ``binary`` is a file), or ``binary``: the bytes or the text of the one parameter in
    ``body`` as they are.  ``body_required`` says that a body is sent even where none of the ``field``s,
    which are all optional, was given (as JSON, ``{}``).  ``content_type`` is the body's media type where it is not the usual one
    of its ``body``, ``accept`` the result's where it is not ``application/json`` (for a binary
    result: where it is known); a result of the kind ``string`` with such a type is the text of the
    answer itself.
    """

    name: DocText
    method: str
    path: DocText
    summary: DocText
    notes: DocText
    parameters: tuple[Parameter, ...]
    result: Type
    errors: tuple[ErrorResponse, ...]
    since: tuple[DocText, ...] = ()
    websocket: bool = False
    subscription: str = ""
    body: str = "json"
    body_required: bool = False
    content_type: DocText = _NO_TEXT
    accept: DocText = _NO_TEXT
    deprecated: bool = False


@value
class Resource:
    """A group of operations: one resource file of Swagger 1, one tag of OpenAPI."""

    name: DocText
    description: DocText
    operations: tuple[Operation, ...]


@value
class Property:
    """An attribute of a model.

    ``choices`` are the values that the document lists; a server may send others.  ``read_only``:
    only the server sets it; ``write_only``: only a program sends it, and no answer has it.
    """

    name: DocText
    type: Type
    required: bool
    description: DocText = _NO_TEXT
    choices: tuple[Any, ...] = ()
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False


@value
class Model:
    """A structure of named properties.

    ``properties`` are its own; those of ``base`` (and of its bases) come first.  ``discriminator``
    names the property whose value is the name of the actual model, where ``subtypes`` exist; ``mapping``
    lists the values that are not such a name.
    ``resource`` is the resource whose document declares it, if one does.
    """

    name: DocText
    description: DocText
    properties: tuple[Property, ...]
    base: DocText | None = None
    subtypes: tuple[DocText, ...] = ()
    discriminator: DocText | None = None
    resource: DocText | None = None
    mapping: tuple[DiscriminatorValue, ...] = ()


@value
class OperationRef:
    """The address of an operation: its resource's name and its own."""

    resource: DocText
    operation: DocText


@value
class ObjectId:
    """One id of an object: the parameter that takes it and the property that holds it."""

    parameter: DocText
    property: DocText


@value
class ObjectType:
    """A model whose instances are objects with operations of their own.

    ``path`` is the path of one object; ``operations`` are those whose path begins with it, their
    ids filled in from ``ids``.  ``creators`` are operations that make such an object and take its
    single id as a parameter outside the path, filled in likewise.  ``new`` says that a client may make the id
    itself (``new_channel()``).
    """

    model: DocText
    path: DocText
    ids: tuple[ObjectId, ...]
    operations: tuple[OperationRef, ...]
    creators: tuple[OperationRef, ...] = ()
    new: bool = False


@value
class Shortcut:
    """A further name of an operation, on its resource and on the library itself.

    ``split`` (if not empty) is a character at which one text is split, at its first occurrence, into
    the operation's two path parameters.
    """

    name: DocText
    target: OperationRef
    split: str = ""


@value
class EventEnd:
    """``event`` ends the object in its property ``property``, ``grace`` seconds after it came."""

    event: DocText
    property: DocText
    grace: float = 0.0


@value
class Events:
    """How the API tells of events.

    ``operation`` is the WebSocket operation, ``model`` the base model of the messages (its
    discriminator names the type of each), ``application`` the parameter of that operation that takes the
    program's own name(s) and also the name by which subscribing operations know it.
    ``replaced`` is the event after which the server sends no more to this program; ``keep`` lists the
    events that an event filter must let through for the library's own use.
    """

    operation: OperationRef
    model: DocText
    application: DocText | None = None
    ends: tuple[EventEnd, ...] = ()
    replaced: DocText | None = None
    keep: tuple[DocText, ...] = ()


@value
class Plural:
    """A word of a path, and what several of these are called."""

    one: DocText
    several: DocText


@value
class Paging:
    """How long lists come: the parameters for the number of a page, from 1, and for its size; ``usual`` is
    the size to ask for where a program does not say."""

    page: DocText
    size: DocText
    usual: int = 100


@value
class Windows:
    """How lists of what happened in some time are limited.

    ``start`` and ``end`` are the parameters, times such as ``2026-11-22 14:30:00``; a request may ask for at most ``months``
    calendar months, those of start and end among them.  ``order`` is the parameter that may say ``asc``:
    the oldest first; without it, and without that parameter's word, the newest come first."""

    start: DocText
    end: DocText
    months: int
    order: DocText = _NO_TEXT


@value
class RateLimit:
    """The headers of every answer that say how many requests there may be, how many of them are left, and
    after how many seconds they begin anew."""

    limit: DocText
    remaining: DocText
    reset: DocText


@value
class Access:
    """How requests are written: what an API's server wants beyond its description.

    ``shape`` is ``resources`` (``api.channels.get(id)``) or ``paths`` (``api.client("@me").extensions``).
    ``lists`` is how several values of one query parameter travel: ``comma`` (joined) or ``repeat``;
    a parameter that has a ``style`` of its own goes by that.
    ``query_limit`` is the length of path and query, in bytes, above which the query's
    parameters move into the JSON body (0: never).
    ``credentials_parameter`` is the query parameter that takes ``user:password`` from a client that
    cannot send them in a header (a browser's page, a WebSocket); empty if there is none.

    For the shape ``paths``: ``plurals`` names lists of things; ``own`` is the word for the own id of whoever asks;
    ``paging`` and ``windows`` make iterators of lists.  ``links`` says that answers name URLs that are fetched without
    credentials.
    """

    shape: str = "resources"
    lists: str = "comma"
    query_limit: int = 0
    credentials_parameter: str = ""
    plurals: tuple[Plural, ...] = ()
    own: DocText = _NO_TEXT
    paging: Paging | None = None
    windows: Windows | None = None
    rate_limit: RateLimit | None = None
    links: bool = False


@value
class SecurityScheme:
    """A way to prove who the program is.

    ``kind`` is one of

    * ``basic``: user name and password;
    * ``bearer``: a token, in the header ``Authorization``;
    * ``api_key``: a key, in the ``location`` ``header`` or ``query`` under the name ``parameter``;
    * ``oauth2``: a bearer token that the library gets by itself from ``token_url`` with a client's id
      and secret (client credentials), for ``scopes``.  A ``token_url`` that is relative counts from
      the API's URL.

    ``name`` is the document's name of it.
    """

    name: DocText
    kind: str
    description: DocText = _NO_TEXT
    parameter: DocText = _NO_TEXT
    location: str = ""
    token_url: DocText = _NO_TEXT
    scopes: tuple[DocText, ...] = ()


@value
class Names:
    """The library's names in one language: its package, its main class, its distribution.

    ``example`` is a program that its README shows; it means that package and that class.
    """

    language: str
    package: str
    library_class: str
    distribution: str
    example: DocText = _NO_TEXT


@value
class Hint:
    """What a user should check when the server answers with ``status``."""

    status: int
    text: DocText


@value
class Client:
    """What ``client.toml`` says of the library itself.

    ``name`` is what programs call it in examples, ``url`` where the API usually is, for examples too.
    """

    name: str
    title: DocText
    description: DocText
    version: str
    error_prefix: str
    licence: str
    homepage: str
    authors: tuple[str, ...]
    names: tuple[Names, ...]
    url: str = ""
    hints: tuple[Hint, ...] = ()


@value
class Api:
    """A whole API: everything a language needs to write its library.

    ``security`` lists the ways in which a program may prove who it is: it gives credentials for one or
    more of them, and they travel with every request.  Empty: the documents do not say (user name
    and password, as for ``basic``, may be given).
    """

    client: Client
    version: DocText
    resources: tuple[Resource, ...]
    models: tuple[Model, ...]
    objects: tuple[ObjectType, ...]
    shortcuts: tuple[Shortcut, ...]
    events: Events | None
    access: Access
    security: tuple[SecurityScheme, ...] = ()
