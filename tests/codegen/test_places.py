"""The tree of places that paths make."""

from __future__ import annotations

import pytest
from codegen.model import (
    Access,
    Api,
    Client,
    Operation,
    Parameter,
    Plural,
    Resource,
    Type,
)
from codegen.places import Place, places, plural, singular
from codegen.text import DocText

_NONE = DocText("")


def operation(line: str, name: str = "", result: str = "model") -> Operation:
    """``GET /cities/{city}`` as an operation."""
    method, path = line.split()
    ids = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return Operation(
        DocText(name or f"{method.lower()}It"),
        method,
        DocText(path),
        _NONE,
        _NONE,
        # Documents may list parameters in any order.
        tuple(Parameter(DocText(each), "path", Type("string"), True) for each in reversed(ids)),
        Type(result),
        (),
    )


def tree(*operations: Operation, plurals: tuple[tuple[str, str], ...] = ()) -> dict[str, Place]:
    """The places by the names that lead to them."""
    client = Client("x", _NONE, _NONE, "1", "X", "", "", (), ())
    access = Access(
        shape="paths", plurals=tuple(Plural(DocText(a), DocText(b)) for a, b in plurals)
    )
    resources = (Resource(DocText("all"), _NONE, operations),)
    api = Api(client, _NONE, resources, (), (), (), None, access)
    found: dict[str, Place] = {}

    def enter(place: Place, above: str) -> None:
        taken = f"({', '.join(str(p.name) for p in place.takes)})" if place.takes else ""
        name = f"{above}{place.text}{taken}"
        assert name not in found
        found[name] = place
        for child in place.children:
            enter(child, f"{name}.")

    for place in places(api):
        enter(place, "")
    return found


def shown(places_by_name: dict[str, Place]) -> dict[str, list[str]]:
    return {name: [m.text for m in place.methods] for name, place in places_by_name.items()}


def test_the_usual_methods() -> None:
    found = tree(
        operation("GET /city/"),
        operation("POST /city/"),
        operation("GET /city/{id}"),
        operation("PUT /city/{id}"),
        operation("DELETE /city/{id}"),
    )
    assert shown(found) == {"cities": ["list", "add", "get", "update", "delete"]}


def test_a_thing_below_which_paths_go_on() -> None:
    found = tree(
        operation("GET /city/"),
        operation("GET /city/{city_id}"),
        operation("GET /city/{city_id}/weather/"),
        operation("GET /city/{city_id}/street/{street_id}"),
    )
    assert shown(found) == {
        "cities": ["list", "get"],
        "city(city_id)": ["get"],
        "city(city_id).weather": ["get"],
        "city(city_id).streets": ["get"],
    }
    streets = found["city(city_id).streets"]
    assert [str(each.name) for each in streets.ids] == ["city_id"]
    assert [str(each.name) for each in streets.filled(streets.methods[0].operation)] == ["city_id"]
    assert streets.words == ("city", "streets")
    assert streets.path == "/city/{city_id}/street"
    assert found["city(city_id)"].path == "/city/{city_id}"


def test_words_below_a_list_belong_to_the_list() -> None:
    found = tree(operation("GET /city/{id}"), operation("GET /city/stats/"))
    assert shown(found) == {"cities": ["get"], "cities.stats": ["get"]}


def test_what_is_done_with_the_whole_of_a_list() -> None:
    found = tree(
        operation("DELETE /city/"),
        operation("PUT /city/"),
        operation("DELETE /city/{id}"),
        operation("PATCH /city/{id}"),
    )
    assert shown(found) == {"cities": ["delete all", "update all", "delete", "update"]}


def test_one_of_its_kind() -> None:
    found = tree(operation("GET /weather"), operation("PUT /weather"), operation("DELETE /weather"))
    assert shown(found) == {"weather": ["get", "update", "delete"]}


@pytest.mark.parametrize(
    "listing", [operation("GET /zone/", result="list"), operation("GET /zone/", "listZones")]
)
def test_a_list_whose_things_have_no_paths(listing: Operation) -> None:
    assert shown(tree(listing)) == {"zones": ["list"]}


def test_two_ways_to_change() -> None:
    found = tree(operation("PUT /weather"), operation("PATCH /weather"))
    assert shown(found) == {"weather": ["update", "patch"]}


def test_an_unusual_method_is_called_by_its_nickname() -> None:
    found = tree(
        operation("POST /sound/{id}", "replaceSound"), operation("POST /sound/", "addSound")
    )
    assert shown(found) == {"sounds": ["add", "replace"]}


def test_several_ids_beside_each_other() -> None:
    found = tree(
        operation("GET /repos/{owner}/{repo}"),
        operation("GET /repos/{owner}"),
        operation("GET /repos/{owner}/{repo}/issues"),
    )
    assert shown(found) == {
        "repos": ["get", "getIt"],
        "repo(owner, repo)": ["get"],
        "repo(owner, repo).issues": ["get"],
    }


def test_paths_that_differ_in_the_name_of_an_id() -> None:
    found = tree(operation("GET /city/{id}/weather"), operation("PUT /city/{city}/weather"))
    weather = found["city(id).weather"]
    assert [
        [str(each.name) for each in weather.filled(method.operation)] for method in weather.methods
    ] == [["id"], ["city"]]


def test_paths_without_a_word() -> None:
    found = tree(operation("GET /"), operation("GET /{lang}/words"), operation("GET /{lang}"))
    assert shown(found) == {
        "roots": ["list", "get"],
        "root(lang)": ["get"],
        "root(lang).words": ["get"],
    }


def test_plurals_of_the_settings() -> None:
    found = tree(
        operation("GET /history/"),
        operation("GET /history/{id}"),
        operation("GET /sheep/{id}/wool"),
        plurals=(("history", "history"), ("sheep", "flock")),
    )
    assert list(found) == ["history", "sheep(id)", "sheep(id).wool"]


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("extension", "extensions"),
        ("city", "cities"),
        ("day", "days"),
        ("box", "boxes"),
        ("branch", "branches"),
    ],
)
def test_plurals(one: str, several: str) -> None:
    assert plural(one) == several
    assert plural(several) == several
    assert singular(several) == one


@pytest.mark.parametrize("word", ["status", "address", "fax", "stats"])
def test_what_has_no_other_singular(word: str) -> None:
    assert singular(word) in (word, "stat")
