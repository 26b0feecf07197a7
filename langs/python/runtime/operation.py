"""Operations as data, and the way from a call's arguments to a request.

A call that could not be right is refused here, before anything is sent.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar
from urllib.parse import quote

from ..errors import IllegalInputException
from .facts import Access
from .model import Entity, Model
from .transport import Request, Response, Stream

if TYPE_CHECKING:
    from .client import Client

T = TypeVar("T")

#: A list value with one of these, or a blank before it, is cut apart or mended by a server that splits
#: the joined text at commas; such a list travels in the body.
_UNSAFE_IN_LIST = frozenset(",\"'()\\")

#: How a list or a map travels outside of JSON: from the parameter's name and the value to names with
#: texts, and with what separates these.
Style: TypeAlias = Callable[[str, Any], Iterable[tuple[str, Sequence[str], str]]]


class Null:
    """The type of ``NULL``."""

    def __repr__(self) -> str:
        return "NULL"


#: The null of JSON as an argument, where ``None`` means that nothing is given.
NULL: Final = Null()


@dataclass(frozen=True)
class Parameter:
    """One argument of an operation.

    Attributes:
        name: the document's name of it.
        argument: the library's name of it, as in the method's signature.
        location: ``path``, ``query``, ``header``, ``body`` (the whole JSON body) or ``field`` (a
            member of the JSON object that is the body).
        type: ``string``, ``integer``, ``number``, ``boolean``, ``datetime``, ``list``, ``map``,
            ``object``, ``base64``, ``binary`` or ``any``.
        required: whether a call without it is refused.
        choices: the allowed values; empty for any.
        minimum: the smallest allowed number.
        maximum: the largest allowed number.
        text_values: whether the values of the map must travel as strings.
        default: what is sent where the program gives nothing.
        nullable: whether the value may be ``NULL``.
        item: ``map`` where the value, or those of the list, may be whole objects, and not ids of such.
        style: how a list or a map travels outside of JSON, where that is special.
        pattern: a regular expression that a text must match as a whole; empty for any text.
        own: the type of user whose own id the word for that means here.
    """

    name: str
    argument: str
    location: str
    type: str = "string"
    required: bool = False
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    text_values: bool = False
    default: Any = None
    nullable: bool = False
    item: str = ""
    style: Style | None = None
    pattern: str = ""
    own: str = ""


#: Writes a body that is not JSON: from the fields, the whole body and the media type, if it is not the
#: usual one, to what travels, and its media type.
BodyWriter: TypeAlias = Callable[
    [Sequence[tuple[Parameter, Any]], Any, str], tuple[bytes | Stream, str]
]


class Operation(Generic[T]):
    """One method on one path, and the type of its result.

    Attributes:
        name: the document's name, ``resource.nickname``, or the way to the method, where that is by paths.
        method: the HTTP method.
        path: the path below the API's URL, with ``{name}`` for each path parameter.
        result: the annotation of the result; ``None`` for nothing, ``bytes`` for binary.
        parameters: in the document's order.
        subscription: what success means for the connection's events: ``add``, ``remove``,
            ``replace``, or nothing.
        makes: the model of the object that the call makes, and the parameter that may give its
            id; ``None`` if it makes none.
        body: what writes the body, where that is not JSON.
        body_required: whether a body is sent even where no field is given.
        content_type: the media type of the body, where it is not the usual one.
        accept: the media type of the answer, where it is not the usual one.
        read: what reads the answer, where that is not JSON.
    """

    def __init__(
        self,
        name: str,
        endpoint: str,
        result: str,
        *parameters: Parameter,
        subscription: str = "",
        makes: tuple[str, str] | None = None,
        body: BodyWriter | None = None,
        body_required: bool = False,
        content_type: str = "",
        accept: str = "",
        read: Callable[[Response], Any] | None = None,
    ) -> None:
        """``endpoint`` is the method and, after a blank, the path."""
        self.name = name
        self.method, _, self.path = endpoint.partition(" ")
        self.result = result
        self.parameters = parameters
        self.subscription = subscription
        self.makes = makes
        self.body, self.body_required, self.read = body, body_required, read
        self.content_type = content_type
        self.accept = accept or ("*/*" if result == "bytes" else "application/json")
        if subscription == "remove":
            REMOVING[self.path] = self


class Resource:
    """A group of operations."""

    def __init__(self, library: Client) -> None:
        self._library = library


#: The operations that end subscriptions, by the path that they share with those that make them.
REMOVING: dict[str, Operation[Any]] = {}


def prepare(operation: Operation[Any], values: Sequence[Any], access: Access) -> Request:
    """The request that the call means; ``values`` are in the order of the operation's parameters.

    Raises:
        IllegalInputException: the call could not be right.
    """
    path = operation.path
    query: list[tuple[Parameter, Any]] = []
    headers = {"Accept": operation.accept}
    fields: list[tuple[Parameter, Any]] = []
    body: Any = None
    for parameter, value in zip(operation.parameters, values, strict=True):
        if value is None:
            value = parameter.default
        if value is None:
            if parameter.required:
                raise _refusal(operation, parameter, "is missing: the operation needs it")
            continue
        value = _checked(operation, parameter, value)
        if parameter.own and value == access.own and access.user_type not in (None, parameter.own):
            why = f"is {value!r}, the id of a user of type {parameter.own}, and this user's type is"
            raise _refusal(operation, parameter, f"{why} {access.user_type}: give the id")
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", _segment(operation, parameter, value))
        elif parameter.location == "query":
            query.append((parameter, value))
        elif parameter.location == "field":
            fields.append((parameter, value))
        elif parameter.location == "header":
            headers[parameter.name] = _header(operation, parameter, value)
        else:
            body = value
    if operation.body is not None:
        text, _ = _query_and_body(path, query, None, access)
        if not (fields or body is not None or operation.body_required):
            return Request(operation.method, path, text, None, headers)
        content, kind = operation.body(fields, body, operation.content_type)
        return Request(operation.method, path, text, None, headers, content, kind)
    members = None
    if body is None:
        members = {each.name: None if value is NULL else value for each, value in fields}
    text, members = _query_and_body(path, query, members, access)
    if body is None and (members or operation.body_required):
        body = members
    kind = operation.content_type or "application/json"
    if body is NULL:
        return Request(operation.method, path, text, None, headers, b"null", kind)
    return Request(operation.method, path, text, body, headers, None, kind)


def _query_and_body(
    path: str, query: list[tuple[Parameter, Any]], fields: dict[str, Any] | None, access: Access
) -> tuple[str, dict[str, Any] | None]:
    """The encoded query, and the fields of the body, if it can take what the query cannot carry."""
    pairs: list[str] = []
    for parameter, value in query:
        if parameter.style is not None:
            pairs += encoded(parameter.style(parameter.name, value))
            continue
        if isinstance(value, list):
            if not value:
                continue
            if access.lists == "repeat":
                pairs.extend(_pair(parameter, item) for item in value)
                continue
            if fields is not None and any(unsafe_in_list(item) for item in value):
                fields[parameter.name] = value
                continue
        pairs.append(_pair(parameter, value))
    text = "&".join(pairs)
    if access.query_limit and fields is not None and len(path) + len(text) >= access.query_limit:
        # The server's limit is on the request line; the body takes the same parameters.
        fields = {**{parameter.name: value for parameter, value in query}, **fields}
        text = ""
    return text, fields


def encoded(pairs: Iterable[tuple[str, Sequence[str], str]]) -> list[str]:
    """What a style has made of a value, as parts of a query."""
    return [f"{quote(name, safe='')}={_joined(texts, mark)}" for name, texts, mark in pairs]


def _joined(texts: Iterable[str], mark: str) -> str:
    return quote(mark, safe=",").join(quote(text, safe="") for text in texts)


def _pair(parameter: Parameter, value: Any) -> str:
    if isinstance(value, list):
        return f"{quote(parameter.name, safe='')}={','.join(quote(text_of(item), safe='') for item in value)}"
    return f"{quote(parameter.name, safe='')}={quote(text_of(value), safe='')}"


def unsafe_in_list(value: str) -> bool:
    """Whether a server would not find the value in a list that is joined by commas."""
    return value[:1] in ("", " ") or not _UNSAFE_IN_LIST.isdisjoint(value)


def text_of(value: Any) -> str:
    """A value outside of JSON."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _texts(parameter: Parameter, value: Any) -> tuple[Sequence[str], str]:
    """The texts of a value that has no name where it travels, and what separates them."""
    if parameter.style is not None:
        for _, texts, mark in parameter.style(parameter.name, value):
            return texts, mark
    return (
        ([text_of(item) for item in value], ",")
        if isinstance(value, list)
        else ([text_of(value)], "")
    )


def _segment(operation: Operation[Any], parameter: Parameter, value: Any) -> str:
    texts, mark = _texts(parameter, value)
    text = mark.join(texts)
    # Servers cut the path at an empty segment and resolve dots: the call would reach another place.
    if not text:
        raise _refusal(operation, parameter, "is empty")
    if text in (".", ".."):
        raise _refusal(operation, parameter, f"is {text!r}, which means another path")
    return _joined(texts, mark)


def _header(operation: Operation[Any], parameter: Parameter, value: Any) -> str:
    texts, mark = _texts(parameter, value)
    text = mark.join(texts)
    if not (text.isascii() and text.isprintable()):
        raise _refusal(operation, parameter, f"is {text!r}: a header takes printable ASCII only")
    return text


def _checked(operation: Operation[Any], parameter: Parameter, value: Any) -> Any:
    """The value as it travels, or a refusal."""
    kind = parameter.type
    if value is NULL:
        if not parameter.nullable:
            raise _refusal(operation, parameter, "is NULL, which the operation does not take")
        return value
    whole = "map" in (kind, parameter.item) or parameter.location == "body"
    if isinstance(value, Entity) and not whole:
        text = _id_text(operation, parameter, value)
        value = value._id(value._id_members[0], number=True) if kind == "integer" else text
    if kind == "list":
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            value = [value]
        free = parameter.location in ("field", "body") or parameter.style is not None
        as_item = _json_item if free else _text_item
        items = [as_item(operation, parameter, item) for item in value]
        if parameter.required and not items:
            raise _refusal(operation, parameter, "is an empty list: the operation needs a value")
        for item in items:
            _check_choice(operation, parameter, item)
        return items
    if kind == "map":
        return _checked_map(operation, parameter, value)
    if kind == "string":
        if not isinstance(value, str):
            if isinstance(value, (bytes, bool)) or not isinstance(value, (int, float)):
                raise _refusal(operation, parameter, f"is {value!r}: text is wanted")
            value = str(value)
        if parameter.pattern and not re.fullmatch(parameter.pattern, value):
            why = f"is {value!r}, which does not match {parameter.pattern}"
            raise _refusal(operation, parameter, why)
    elif kind == "boolean":
        if not isinstance(value, bool):
            raise _refusal(operation, parameter, f"is {value!r}: True or False is wanted")
    elif kind in ("integer", "number"):
        value = _checked_number(operation, parameter, value)
    elif kind == "datetime" and not isinstance(value, str):
        value = value.isoformat()
    elif kind == "base64" and not isinstance(value, str):
        value = base64.b64encode(value).decode("ascii")
    elif kind in ("any", "object"):
        value = _plain(operation, parameter, value)
    _check_choice(operation, parameter, value)
    return value


def _checked_number(operation: Operation[Any], parameter: Parameter, value: Any) -> Any:
    wanted = "a whole number" if parameter.type == "integer" else "a number"
    allowed = int if parameter.type == "integer" else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise _refusal(operation, parameter, f"is {value!r}: {wanted} is wanted")
    if parameter.minimum is not None and value < parameter.minimum:
        raise _refusal(operation, parameter, f"is {value}: the least is {parameter.minimum:g}")
    if parameter.maximum is not None and value > parameter.maximum:
        raise _refusal(operation, parameter, f"is {value}: the most is {parameter.maximum:g}")
    return value


def _checked_map(operation: Operation[Any], parameter: Parameter, value: Any) -> dict[str, Any]:
    if isinstance(value, Model):
        value = value._to_request()
    if not isinstance(value, Mapping):
        raise _refusal(operation, parameter, f"is {value!r}: names with values are wanted")
    result = {}
    for name, item in value.items():
        if parameter.text_values:
            # An object of its own (a value with options) carries the text in "value".
            if isinstance(item, Mapping):
                item = {**item}
                if "value" in item:
                    item["value"] = _value_text(operation, parameter, name, item["value"])
            else:
                item = _value_text(operation, parameter, name, item)
        result[str(name)] = _plain(operation, parameter, item)
    return result


def _value_text(operation: Operation[Any], parameter: Parameter, name: Any, value: Any) -> str:
    if value is None or isinstance(value, (bytes, list, tuple, Mapping)):
        raise _refusal(
            operation, parameter, f"has {value!r} as its {name!r}: text or a number is wanted"
        )
    return text_of(value)


def _json_item(operation: Operation[Any], parameter: Parameter, item: Any) -> Any:
    """An item of a list that is JSON in any case: it keeps its type, and may be an object."""
    if isinstance(item, Entity):
        whole = parameter.item == "map"
        return item._to_request() if whole else _id_text(operation, parameter, item)
    if item is None:
        raise _refusal(operation, parameter, f"holds {item!r}: text or an object is wanted")
    return _plain(operation, parameter, item)


def _plain(operation: Operation[Any], parameter: Parameter, value: Any) -> Any:
    """A value of the program as JSON has it."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if value is NULL:
        return None
    if isinstance(value, Model):
        value = value._to_request()
    if isinstance(value, Mapping):
        return {str(name): _plain(operation, parameter, item) for name, item in value.items()}
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Iterable):
        return [_plain(operation, parameter, item) for item in value]
    raise _refusal(operation, parameter, f"holds {value!r}: JSON has nothing for it")


def _text_item(operation: Operation[Any], parameter: Parameter, item: Any) -> str:
    if isinstance(item, Entity):
        return _id_text(operation, parameter, item)
    if item is None or item is NULL or isinstance(item, (bytes, list, tuple, Mapping)):
        raise _refusal(operation, parameter, f"holds {item!r}: text is wanted")
    return text_of(item)


def _id_text(operation: Operation[Any], parameter: Parameter, value: Entity) -> str:
    ids = value._ids
    if not all(ids):
        raise _refusal(operation, parameter, f"is a {type(value).__name__} without an id")
    return "/".join(ids)


def _check_choice(operation: Operation[Any], parameter: Parameter, value: Any) -> None:
    if parameter.choices and value not in parameter.choices:
        allowed = ", ".join(map(str, parameter.choices))
        raise _refusal(operation, parameter, f"is {value!r}: allowed are {allowed}")


def _refusal(operation: Operation[Any], parameter: Parameter, why: str) -> IllegalInputException:
    name = operation.name.rpartition(".")[2]
    return IllegalInputException(
        f"{name}: {parameter.argument} {why}", method=operation.method, path=operation.path
    )


def split_id(value: str | Entity, separator: str, argument: str) -> tuple[str, str]:
    """The two ids in one text, which is split at the first separator.

    Raises:
        IllegalInputException: there is no separator, or nothing on one of its sides.
    """
    text = "/".join(value._ids) if isinstance(value, Entity) else str(value)
    first, found, rest = text.partition(separator)
    if not (first and found and rest):
        raise IllegalInputException(
            f"{argument} is {text!r}: two parts joined by {separator!r} are wanted"
        )
    return first, rest
