"""Operations as data, and the way from a call's arguments to a request.

A call that could not be right is refused here, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from ..errors import IllegalInputException
from .facts import Access
from .model import Entity, Model
from .transport import Request

T = TypeVar("T")

#: A list value with one of these, or a blank before it, is cut apart or mended by a server that splits
#: the joined text at commas; such a list travels in the body.
_UNSAFE_IN_LIST = frozenset(",\"'()\\")


@dataclass(frozen=True)
class Parameter:
    """One argument of an operation.

    Attributes:
        name: the document's name of it.
        argument: the library's name of it, as in the method's signature.
        location: ``path``, ``query``, ``header``, ``body`` (the whole JSON body) or ``field`` (a
            member of the JSON object that is the body).
        type: ``string``, ``integer``, ``number``, ``boolean``, ``datetime``, ``list``, ``map``,
            ``object`` or ``any``.
        required: whether a call without it is refused.
        choices: the allowed values; empty for any.
        minimum: the smallest allowed number.
        maximum: the largest allowed number.
        text_values: whether the values of the map must travel as strings.
        default: what is sent where the program gives nothing.
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


class Operation(Generic[T]):
    """One method on one path, and the type of its result.

    Attributes:
        name: the document's name, ``resource.nickname``.
        method: the HTTP method.
        path: the path below the API's URL, with ``{name}`` for each path parameter.
        result: the annotation of the result; ``None`` for nothing, ``bytes`` for binary.
        parameters: in the document's order.
        subscription: what success means for the connection's events: ``add``, ``remove``,
            ``replace``, or nothing.
        makes: the model of the object that the call makes, and the parameter that may give its
            id; ``None`` if it makes none.
    """

    def __init__(
        self,
        name: str,
        endpoint: str,
        result: str,
        *parameters: Parameter,
        subscription: str = "",
        makes: tuple[str, str] | None = None,
    ) -> None:
        """``endpoint`` is the method and, after a blank, the path."""
        self.name = name
        self.method, _, self.path = endpoint.partition(" ")
        self.result = result
        self.parameters = parameters
        self.subscription = subscription
        self.makes = makes
        if subscription == "remove":
            REMOVING[self.path] = self


#: The operations that end subscriptions, by the path that they share with those that make them.
REMOVING: dict[str, Operation[Any]] = {}


def prepare(operation: Operation[Any], values: Sequence[Any], access: Access) -> Request:
    """The request that the call means; ``values`` are in the order of the operation's parameters.

    Raises:
        IllegalInputException: the call could not be right.
    """
    path = operation.path
    query: list[tuple[Parameter, Any]] = []
    headers = {"Accept": "*/*" if operation.result == "bytes" else "application/json"}
    fields: dict[str, Any] = {}
    body: Any = None
    for parameter, value in zip(operation.parameters, values, strict=True):
        if value is None:
            value = parameter.default
        if value is None:
            if parameter.required:
                raise _refusal(operation, parameter, "is missing: the operation needs it")
            continue
        value = _checked(operation, parameter, value)
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", _segment(operation, parameter, value))
        elif parameter.location == "query":
            query.append((parameter, value))
        elif parameter.location == "field":
            fields[parameter.name] = value
        elif parameter.location == "header":
            headers[parameter.name] = _header(operation, parameter, value)
        else:
            body = value
    text, body = _query_and_body(path, query, fields, body, access)
    return Request(operation.method, path, text, body, headers)


def _query_and_body(
    path: str,
    query: list[tuple[Parameter, Any]],
    fields: dict[str, Any],
    body: Any,
    access: Access,
) -> tuple[str, Any]:
    """The encoded query, and the body, which takes what the query cannot carry."""
    pairs: list[str] = []
    in_body = body is None
    for parameter, value in query:
        if isinstance(value, list):
            if not value:
                continue
            if access.lists == "repeat":
                pairs.extend(_pair(parameter, item) for item in value)
                continue
            if in_body and any(unsafe_in_list(item) for item in value):
                fields[parameter.name] = value
                continue
        pairs.append(_pair(parameter, value))
    text = "&".join(pairs)
    if access.query_limit and in_body and len(path) + len(text) >= access.query_limit:
        # The server's limit is on the request line; the body takes the same parameters.
        fields = {**{parameter.name: value for parameter, value in query}, **fields}
        text = ""
    return text, (fields or None) if in_body else body


def _pair(parameter: Parameter, value: Any) -> str:
    if isinstance(value, list):
        return f"{quote(parameter.name, safe='')}={','.join(quote(_text(item), safe='') for item in value)}"
    return f"{quote(parameter.name, safe='')}={quote(_text(value), safe='')}"


def unsafe_in_list(value: str) -> bool:
    """Whether a server would not find the value in a list that is joined by commas."""
    return value[:1] in ("", " ") or not _UNSAFE_IN_LIST.isdisjoint(value)


def _text(value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return repr(value)
    return str(value)


def _segment(operation: Operation[Any], parameter: Parameter, value: Any) -> str:
    text = _text(value)
    # Servers cut the path at an empty segment and resolve dots: the call would reach another place.
    if not text:
        raise _refusal(operation, parameter, "is empty")
    if text in (".", ".."):
        raise _refusal(operation, parameter, f"is {text!r}, which means another path")
    return quote(text, safe="")


def _header(operation: Operation[Any], parameter: Parameter, value: Any) -> str:
    text = ",".join(map(_text, value)) if isinstance(value, list) else _text(value)
    if not (text.isascii() and text.isprintable()):
        raise _refusal(operation, parameter, f"is {text!r}: a header takes printable ASCII only")
    return text


def _checked(operation: Operation[Any], parameter: Parameter, value: Any) -> Any:
    """The value as it travels, or a refusal."""
    if isinstance(value, Entity):
        value = _id_text(operation, parameter, value)
    kind = parameter.type
    if kind == "list":
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            value = [value]
        as_item = _json_item if parameter.location in ("field", "body") else _text_item
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
    elif kind == "boolean":
        if not isinstance(value, bool):
            raise _refusal(operation, parameter, f"is {value!r}: True or False is wanted")
    elif kind in ("integer", "number"):
        value = _checked_number(operation, parameter, value)
    elif kind == "datetime" and not isinstance(value, str):
        value = value.isoformat()
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
        result[str(name)] = item
    return result


def _value_text(operation: Operation[Any], parameter: Parameter, name: Any, value: Any) -> str:
    if value is None or isinstance(value, (bytes, list, tuple, Mapping)):
        raise _refusal(
            operation, parameter, f"has {value!r} as its {name!r}: text or a number is wanted"
        )
    return _text(value)


def _json_item(operation: Operation[Any], parameter: Parameter, item: Any) -> Any:
    """An item of a list that is JSON in any case: it keeps its type, and may be an object."""
    if isinstance(item, Entity):
        return _id_text(operation, parameter, item)
    if isinstance(item, Model):
        return item.to_dict()
    if isinstance(item, Mapping):
        return dict(item)
    if item is None or isinstance(item, bytes):
        raise _refusal(operation, parameter, f"holds {item!r}: text or an object is wanted")
    return item


def _text_item(operation: Operation[Any], parameter: Parameter, item: Any) -> str:
    if isinstance(item, Entity):
        return _id_text(operation, parameter, item)
    if item is None or isinstance(item, (bytes, list, tuple, Mapping)):
        raise _refusal(operation, parameter, f"holds {item!r}: text is wanted")
    return _text(item)


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
