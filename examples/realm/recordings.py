"""Lists the phones of a group, and downloads the client's recordings of a year: recordings.py URL ID SECRET 2026"""

import sys

from realmpy import RealmPy

url, client_id, client_secret, year = sys.argv[1:]
realm = RealmPy(url, client_id=client_id, client_secret=client_secret, user_type="client")
client = realm.client("@me")

for extension in client.extensions.iterate(extension_group_id=1, type="phone"):
    print(extension.name, extension.label)

for record in client.records.iterate(f"{year}-01-01 00:00:00", f"{year}-12-31 23:59:59"):
    print(record.init_time_gmt, record.from_username, "to", record.to_username)
    client.records.get_to(record.record_uuid, f"{record.record_uuid}.mp3")

print(realm.rate_limit)
