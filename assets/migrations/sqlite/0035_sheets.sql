-- Sheets of our own that a person wants on paper at a station: a box's packing slip, the barcodes of commands and boxes.
CREATE TABLE own_sheets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    box_id INTEGER REFERENCES boxes (id),
    station TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES users (id),
    wanted_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'done', 'failed')),
    reason TEXT
) STRICT;
CREATE INDEX own_sheets_wanted ON own_sheets (station, id) WHERE state = 'wanted';
