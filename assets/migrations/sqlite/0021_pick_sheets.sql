-- Where products lie.
CREATE TABLE product_bins (
    sku TEXT PRIMARY KEY,
    bin TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Pick lists that are to be printed at a station.
CREATE TABLE list_sheets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pick_list INTEGER NOT NULL REFERENCES pick_lists (id),
    station TEXT NOT NULL,
    by INTEGER REFERENCES users (id),
    wanted_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'done', 'failed')),
    reason TEXT
) STRICT;
CREATE INDEX list_sheets_wanted ON list_sheets (station, id) WHERE state = 'wanted';
