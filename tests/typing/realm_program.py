"""A program for an API whose calls look like its paths, with every type written out: mypy must find it in order.

It is never run.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from pathlib import Path

from realmpy import NULL, RealmException, RealmPy
from realmpy.models import Extension, HistoryCall, Phone, Record, Sound
from realmpy.runtime.rate_limits import RateLimit
from typing_extensions import assert_type

realm = RealmPy("https://pbx/api/ver1.0", client_id="id", client_secret="?", user_type="client")
client = realm.client("@me")

assert_type(client.extensions.list(extension_group_id=1, type="phone"), builtins.list[Extension])
assert_type(client.extensions.update(2, label="Anna", extension_group_id=NULL), Extension)
assert_type(client.extensions.delete(2), None)
assert_type(realm.extension("@1844*101").phone.get(), Phone)
assert_type(realm.extension(5).phone.get(), Phone)
assert_type(
    realm.extension_group(14).records.iterate("2026-01-01 00:00:00", "2026-12-31 23:59:59"),
    Iterator[Record],
)
assert_type(next(client.call_history.iterate("2026-01-01", "2026-12-31")), HistoryCall)
assert_type(client.sounds.add("Title", Path("a.mp3"), progress=print), Sound)
assert_type(client.record("1-ab").storage_url.get().record_url, str)
assert_type(realm.fetch("https://storage.example/1"), bytes)
assert_type(realm.fetch_to("https://storage.example/1", "a.mp3", progress=print), int)
assert_type(realm.timezones.list(), builtins.list[str])
assert_type(realm.rate_limit, RateLimit | None)
assert_type(RealmException("x").code, str | None)

RealmPy("https://pbx/api/ver1.0", user_type="dealer")  # type: ignore[arg-type]
realm.clients("@me")  # type: ignore[operator]
print(realm.client("@me").phone)  # type: ignore[attr-defined]
client.extensions.list(kind="phone")  # type: ignore[call-arg]
client.extensions.list(type="radio")  # type: ignore[arg-type]
client.extensions.get()  # type: ignore[call-arg]
client.dids.add(name="1")  # type: ignore[attr-defined]
