-- Manifests: what one carrier's driver takes along. `carrier_key` is `domain::manifest::carrier_key` of the name; store
-- is NULL where parcels of every store go. One open manifest a carrier and store.
CREATE TABLE manifests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    carrier TEXT NOT NULL,
    carrier_key TEXT NOT NULL,
    store TEXT,
    opened_at INTEGER NOT NULL,
    opened_by INTEGER NOT NULL REFERENCES users (id),
    closed_at INTEGER,
    closed_by INTEGER REFERENCES users (id),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX manifests_open ON manifests (carrier_key, ifnull(store, '')) WHERE closed_at IS NULL;
CREATE TRIGGER manifests_stay BEFORE DELETE ON manifests BEGIN
    SELECT RAISE(ABORT, 'manifests are kept for ever');
END;

-- Parcels that went out of the door, each once: who scanned it onto which manifest. `scan` is the scan's own id, so that
-- sending it again is harmless.
CREATE TABLE check_outs (
    label BLOB PRIMARY KEY REFERENCES labels (id),
    scan BLOB NOT NULL UNIQUE,
    manifest INTEGER NOT NULL REFERENCES manifests (id),
    place INTEGER NOT NULL,
    by INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    UNIQUE (manifest, place)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER check_outs_kept BEFORE UPDATE ON check_outs BEGIN
    SELECT RAISE(ABORT, 'who checked a parcel out is kept for ever');
END;
CREATE TRIGGER check_outs_stay BEFORE DELETE ON check_outs BEGIN
    SELECT RAISE(ABORT, 'who checked a parcel out is kept for ever');
END;

-- Parcels that a manifest did not take: 'carried' over to the next one when it was closed, or 'left' behind with a
-- reason. `waits`: the parcel is still to go, because it was carried over.
CREATE TABLE stayed (
    manifest INTEGER NOT NULL REFERENCES manifests (id),
    label BLOB NOT NULL REFERENCES labels (id),
    fate TEXT NOT NULL CHECK (fate IN ('carried', 'left')),
    reason TEXT NOT NULL,
    waits INTEGER NOT NULL CHECK (waits IN (0, 1)),
    by INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (manifest, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX stayed_by_label ON stayed (label);
CREATE INDEX stayed_waiting ON stayed (label) WHERE waits = 1;

-- Wishes for Amazon's collection forms. `key` is what Amazon sees however often it is asked; the document is sealed under
-- a data key of its own.
CREATE TABLE collection_forms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,
    store TEXT NOT NULL,
    carrier TEXT NOT NULL,
    manifest INTEGER REFERENCES manifests (id),
    state TEXT NOT NULL CHECK (state IN ('wanted', 'asked', 'made', 'refused')),
    carrier_id TEXT,
    form TEXT,
    reason TEXT,
    data_key INTEGER REFERENCES data_keys (id),
    document BLOB,
    wanted_by INTEGER NOT NULL REFERENCES users (id),
    wanted_at INTEGER NOT NULL,
    asked_at INTEGER,
    changed_at INTEGER NOT NULL,
    CHECK (state <> 'made' OR document IS NOT NULL)
) STRICT;
CREATE INDEX collection_forms_at_work ON collection_forms (id) WHERE state IN ('wanted', 'asked');
CREATE INDEX collection_forms_by_manifest ON collection_forms (manifest) WHERE manifest IS NOT NULL;

-- Sheets that are no labels: a manifest, or a collection form. States as those of print jobs.
CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    station TEXT NOT NULL,
    manifest INTEGER REFERENCES manifests (id),
    form INTEGER REFERENCES collection_forms (id),
    state TEXT NOT NULL,
    reason TEXT,
    wanted_at INTEGER NOT NULL,
    wanted_by INTEGER NOT NULL REFERENCES users (id),
    changed_at INTEGER NOT NULL,
    CHECK ((manifest IS NULL) <> (form IS NULL))
) STRICT;
CREATE INDEX papers_open ON papers (station, id) WHERE state NOT IN ('done', 'dropped');
