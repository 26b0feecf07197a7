"""A program that uses the libraries of the traits, for type checkers: it is never run.

``assert_type`` holds what annotations promise; a mistake that is not found makes its ``type: ignore``
an unused one, of which mypy complains.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from traits_bytes import TraitsBytes
from traits_choices import Cat, Company, Dog, Message, Person, TraitsChoices
from traits_clients import TraitsClients
from traits_files import Place, TraitsFiles
from traits_forms import Order, TraitsForms
from traits_members import Group, TraitsMembers, User
from traits_names import VLAN, TraitsNames, Vlan
from traits_nulls import NULL, TraitsNulls
from traits_nulls import Person as Somebody
from traits_styles import TraitsStyles
from traits_swagger2 import TraitsSwagger2
from traits_tokens import TraitsTokens
from typing_extensions import assert_type

URL = "https://server.example/api"


def forms() -> None:
    library = TraitsForms(URL)
    order = library.orders.place("x", count=2, colours="red", sizes=[1, 2], due=datetime.now())
    assert_type(order, Order)
    library.orders.place("x", address={"town": "B"})
    library.orders.place("x", count="2")  # type: ignore[arg-type]
    library.orders.place()  # type: ignore[call-arg]


def files(place: Place) -> None:
    library = TraitsFiles(URL)
    library.sounds.upload(b"RIFF", title="x")
    library.sounds.upload("ring.wav", places=[place, {"name": "hall"}])
    library.sounds.upload(Path("ring.wav"), about=place)
    library.sounds.upload(("ring.wav", b"RIFF"), pictures=[Path("a.png"), ("b.png", b"")])
    with open("ring.wav", "rb") as file:
        library.sounds.upload(file)
        library.sounds.upload(("ring.wav", file))
        library.sounds.replace("1", file)
    with open("ring.wav") as text:
        library.sounds.upload(text)  # type: ignore[arg-type]
    library.sounds.upload(5)  # type: ignore[arg-type]
    library.notes.write("1", "text")
    assert_type(library.notes.read("1"), str)
    assert_type(library.sounds.content("1"), bytes)
    assert_type(library.sounds.content_to("1", Path("ring.wav")), int)


def styles() -> None:
    library = TraitsStyles(URL)
    assert_type(library.things.list(usual="a", filter={"a": 1}, x_wanted=["a"]), list[str])
    library.things.several(["a", "b"], ids_2=5)
    library.things.list(piped="a")  # type: ignore[arg-type]


def nulls() -> None:
    library = TraitsNulls(URL)
    somebody = library.people.get("1")
    assert_type(somebody, Somebody | None)
    print(somebody.nick)  # type: ignore[union-attr]
    if somebody is not None:
        assert_type(somebody.nick, str | None)
        assert_type(somebody.friends, dict[str, int | None] | None)
    assert_type(library.people.names(), list[str | None])
    library.people.change("1", 3, nick=NULL, age=NULL, name=None)
    library.people.change("1", 3, name=NULL)  # type: ignore[arg-type]
    library.people.change("1", NULL)  # type: ignore[arg-type]
    library.people.change("1", 3, reason=NULL)  # type: ignore[arg-type]
    library.people.replace("1", body=NULL)


def raw_bytes() -> None:
    library = TraitsBytes(URL)
    key = library.keys.add(b"\0", others=[b"a", "YQ=="], ends="2026-11-22T00:00:00Z")
    assert_type(key.key, bytes)
    assert_type(key.others, dict[str, bytes] | None)
    assert_type(library.keys.secret("1"), bytes)
    assert_type(library.keys.all(), list[bytes])


def choices() -> None:
    library = TraitsChoices(URL)
    pet = library.pets.get(1)
    assert_type(pet, Cat | Dog)
    if isinstance(pet, Cat):
        assert_type(pet.owner, Person | Company | None)
    library.pets.get("rex")
    library.pets.get(0.5)  # type: ignore[arg-type]
    assert_type(library.pets.list(), list[Cat | Dog | str])
    library.pets.put(1, pet)
    library.pets.put(1, "gone")
    library.pets.put(1, {"kind": "Cat"})
    answer = library.answers.get("1")
    assert_type(answer, int | datetime | bool | list[Person] | Company)
    assert_type(library.messages.list(), list[Message])


def members(group: Group) -> None:
    library = TraitsMembers(URL)
    user = library.users.add("Al", group=group, password="secret")
    assert_type(user, User)
    assert_type(user.weights, dict[str, float] | None)
    assert_type(user.friends, list[User] | None)
    library.users.add("Al", id=5)  # type: ignore[call-arg]
    library.users.replace(1, user, old=True)
    assert_type(library.users.groups(), dict[str, Group])
    assert_type(library.users.settings(), Any)


def names() -> None:
    library = TraitsNames(URL)
    vlan = library.vlans.add_a_vlan(5)
    assert_type(vlan, VLAN)
    assert_type(vlan.inner, Vlan | None)
    assert_type(library.vlans.get(1, id_2="x", class_="y", page_size=3), Vlan)
    assert_type([port.speed for port in library.vlans.ports(1).ports], list[int | None])
    library.vlans.add_port("office", speed=10)
    library.vlans.add_port("office", speed=11)  # type: ignore[arg-type]
    library.import_.lambda_()


def credentials() -> None:
    TraitsTokens(URL, "user", "password")
    TraitsTokens(URL, token="t", x_api_key="k", query_key="k")
    TraitsTokens(URL, token=lambda: "t")
    TraitsTokens(URL, token=lambda: 5)  # type: ignore[arg-type, return-value]
    TraitsClients(URL, client_id="me", client_secret="secret", timeout=5)
    TraitsClients(URL, "user", "password")  # type: ignore[call-arg]
    TraitsSwagger2(URL, "user", "password", key="k")
