-- Since when each shop's client secret is in use here, by a keyed fingerprint: Amazon wants a new one every 180 days.
CREATE TABLE secrets (
    store TEXT PRIMARY KEY,
    print BLOB NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
