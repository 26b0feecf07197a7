-- The reference server's data. What a constraint or a filter needs has a column of its own, named as in the API; the
-- other members of a resource are in `data`, as the description of the API has them.

CREATE TABLE client (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    prefix TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'blocked')),
    dial_rule_id INTEGER REFERENCES dial_rule ON DELETE SET NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE extension_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    name TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE dial_rule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE extension (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    extension_group_id INTEGER REFERENCES extension_group ON DELETE SET NULL,
    dial_rule_id INTEGER REFERENCES dial_rule ON DELETE SET NULL,
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL CHECK (type IN ('phone', 'queue', 'ivr', 'fax')),
    status TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

-- What an extension's type alone has: the settings of a phone, a queue, a menu or a fax.
CREATE TABLE settings (
    extension_id INTEGER PRIMARY KEY REFERENCES extension ON DELETE CASCADE,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL CHECK (type IN ('client', 'extension_group', 'extension')),
    client_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    extension_group_id INTEGER REFERENCES extension_group ON DELETE CASCADE,
    extension_id INTEGER REFERENCES extension ON DELETE CASCADE,
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
    access TEXT NOT NULL CHECK (access IN ('full', 'read_only')),
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data)),
    CHECK ((type = 'extension_group') = (extension_group_id IS NOT NULL)),
    CHECK ((type = 'extension') = (extension_id IS NOT NULL))
) STRICT;

CREATE TABLE did (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    name TEXT NOT NULL UNIQUE,
    extension_id INTEGER REFERENCES extension ON DELETE SET NULL,
    message_extension_id INTEGER REFERENCES extension ON DELETE SET NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE incom_rule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    extension_id INTEGER NOT NULL REFERENCES extension ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    extension_id INTEGER NOT NULL REFERENCES extension ON DELETE CASCADE,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE registration (
    registration_id TEXT PRIMARY KEY,
    extension_id INTEGER NOT NULL REFERENCES extension ON DELETE CASCADE,
    expired INTEGER NOT NULL DEFAULT 0 CHECK (expired IN (0, 1)),
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE current_call (
    call_api_id TEXT PRIMARY KEY,
    extension_id INTEGER NOT NULL REFERENCES extension ON DELETE CASCADE,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

-- Calls, and what was recorded of them, outlive the extension.
CREATE TABLE call (
    call_uuid TEXT PRIMARY KEY CHECK (call_uuid = upper(call_uuid)),
    client_owner_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    extension_group_owner_id INTEGER,
    extension_id INTEGER NOT NULL,
    flow TEXT NOT NULL CHECK (flow IN ('in', 'out')),
    init_time_gmt TEXT NOT NULL,
    to_username TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE cdr (
    id INTEGER PRIMARY KEY,
    call_uuid TEXT NOT NULL REFERENCES call ON DELETE CASCADE,
    client_owner_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    extension_group_owner_id INTEGER,
    extension_id INTEGER NOT NULL,
    init_time_gmt TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE quality_rate (
    id INTEGER PRIMARY KEY,
    client_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    extension_id INTEGER NOT NULL,
    datetime TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE record (
    record_uuid TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('record', 'voicemail')),
    client_owner_id INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    extension_group_owner_id INTEGER,
    extension_id INTEGER NOT NULL,
    init_time_gmt TEXT NOT NULL,
    record_file_size INTEGER NOT NULL CHECK (record_file_size = length(content)),
    content BLOB NOT NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

-- Without a client, a sound is the provider's, for all.
CREATE TABLE sound (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER REFERENCES client ON DELETE CASCADE,
    title TEXT NOT NULL,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data))
) STRICT;

CREATE TABLE application (
    app_id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    access TEXT NOT NULL CHECK (access IN ('all', 'call_api'))
) STRICT;

CREATE TABLE token (
    hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    app_id TEXT NOT NULL REFERENCES application ON DELETE CASCADE,
    expires REAL NOT NULL
) STRICT;

-- Addresses of recordings that need no token.
CREATE TABLE storage_link (
    key TEXT PRIMARY KEY,
    record_uuid TEXT NOT NULL REFERENCES record ON DELETE CASCADE,
    expires REAL NOT NULL
) STRICT;

CREATE INDEX extension_of_client ON extension (client_id, extension_group_id);
CREATE INDEX call_of_client ON call (client_owner_id, init_time_gmt);
CREATE INDEX cdr_of_call ON cdr (call_uuid);
CREATE INDEX record_of_client ON record (client_owner_id, init_time_gmt);
