-- Bulk ship: a run over orders of a pick list, carried on by whichever process is there. `printed_to`: up to this
-- place sheets were sent to the printer, in the order of the list.
CREATE TABLE bulk_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pick_list INTEGER NOT NULL REFERENCES pick_lists (id),
    state TEXT NOT NULL,
    mode TEXT NOT NULL,
    earliest TEXT,
    formats TEXT NOT NULL,
    station TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES users (id),
    made_at INTEGER NOT NULL,
    started_at INTEGER,
    printed_to INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX bulk_runs_one ON bulk_runs (pick_list) WHERE state <> 'done';
CREATE INDEX bulk_runs_by_list ON bulk_runs (pick_list, id);

-- One box of a run, or an order that has no box yet. `agreed_minor`: the price that the yes was said to; none is bought
-- dearer.
CREATE TABLE bulk_orders (
    run INTEGER NOT NULL REFERENCES bulk_runs (id),
    position INTEGER NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    box_id INTEGER,
    state TEXT NOT NULL,
    quote INTEGER,
    choice TEXT,
    method TEXT NOT NULL DEFAULT '',
    price_minor INTEGER,
    price_currency TEXT,
    agreed_minor INTEGER,
    reason TEXT,
    words TEXT NOT NULL DEFAULT '',
    label BLOB REFERENCES labels (id),
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_orders_by_state ON bulk_orders (run, state, position);
CREATE INDEX bulk_orders_by_label ON bulk_orders (label) WHERE label IS NOT NULL;

-- A sheet of our own in the place of a label that did not come.
CREATE TABLE gap_sheets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES bulk_runs (id),
    station TEXT NOT NULL,
    number TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'done', 'failed'))
) STRICT;
CREATE INDEX gap_sheets_wanted ON gap_sheets (station, id) WHERE state = 'wanted';
