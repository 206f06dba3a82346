-- Times are microseconds since 1970 in UTC. Customer data stands here only sealed (customers.sealed,
-- documents.bytes, labels.request); everything else may be read by whoever may read the file.

-- Single facts: key_check (bytes), data_key (number), health (text), restored (number: this file came from a
-- back-up, nothing is bought until orders are compared with Amazon), backup_of (text: the mark of a back-up).
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    number INTEGER,
    text TEXT,
    bytes BLOB
) STRICT, WITHOUT ROWID;

-- Each taking of the lead, and how full Amazon's buckets were left.
CREATE TABLE epochs (
    epoch INTEGER PRIMARY KEY AUTOINCREMENT,
    taken_at INTEGER NOT NULL
) STRICT;

CREATE TABLE bucket_levels (
    name TEXT PRIMARY KEY,
    millitokens INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to when a shop's changes are known; a finished sweep moves the age of all its orders at once.
CREATE TABLE shops (
    store TEXT PRIMARY KEY,
    watermark INTEGER,
    swept_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    badge TEXT NOT NULL COLLATE NOCASE UNIQUE,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Catalogue.
CREATE TABLE products (
    sku TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    weight TEXT,
    dimensions TEXT,
    price_minor INTEGER,
    price_currency TEXT,
    transparency INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE barcodes (
    sku TEXT NOT NULL REFERENCES products (sku) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (sku, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX barcodes_by_code ON barcodes (code, sku, quantity);

-- A child may be named before it is in the catalogue, so it is no foreign key.
CREATE TABLE components (
    sku TEXT NOT NULL REFERENCES products (sku) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    child TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (sku, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX components_by_child ON components (child);

-- Data keys of orders, wrapped by a station key whose id stands in the wrapped bytes. A destroyed key keeps its
-- row, so that its number is never given again. `version` counts rewrappings.
CREATE TABLE data_keys (
    id INTEGER PRIMARY KEY,
    store TEXT NOT NULL,
    number TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    wrapped BLOB,
    made_at INTEGER NOT NULL,
    destroyed_at INTEGER
) STRICT;
CREATE INDEX data_keys_by_order ON data_keys (store, number);

CREATE TABLE pick_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES users (id)
) STRICT;

-- What lists show; narrow on purpose. Amazon's word stands in channel_orders. `part` tells the parts of a
-- split order apart. ship_by: latest moment, the largest number where none is given. badges: bits in the
-- badges' fixed order. units_wanted and units_packed count things that are scanned once.
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    store TEXT NOT NULL,
    number TEXT NOT NULL,
    part INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL,
    ship_by INTEGER NOT NULL,
    deliver_by INTEGER,
    badges INTEGER NOT NULL,
    units INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    title TEXT NOT NULL,
    search TEXT NOT NULL,
    assigned TEXT NOT NULL,
    flags TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    erased INTEGER NOT NULL DEFAULT 0,
    erased_at INTEGER,
    data_key INTEGER REFERENCES data_keys (id),
    pick_list INTEGER REFERENCES pick_lists (id),
    pick_position INTEGER,
    units_wanted INTEGER NOT NULL,
    units_packed INTEGER NOT NULL DEFAULT 0,
    label_state TEXT,
    live INTEGER NOT NULL DEFAULT 0,
    bought INTEGER NOT NULL DEFAULT 0,
    trouble INTEGER NOT NULL DEFAULT 0,
    imported_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (store, number, part)
) STRICT;
CREATE INDEX orders_by_number ON orders (number);
-- The row's own number stands at the end of every index, so each of these is in the order of a list.
CREATE INDEX orders_by_ship_by ON orders (ship_by, number);
CREATE INDEX orders_by_status ON orders (status, ship_by, number);
CREATE INDEX orders_by_store ON orders (store, ship_by, number);
CREATE INDEX orders_by_store_status ON orders (store, status, ship_by, number);
CREATE INDEX orders_searched ON orders (ship_by, number, search, store, status, pick_list);
CREATE INDEX orders_by_pick_list ON orders (pick_list, pick_position) WHERE pick_list IS NOT NULL;
CREATE INDEX orders_pick_counts ON orders
    (pick_list, status, bought, live, trouble, units_wanted, units_packed, badges, ship_by)
    WHERE pick_list IS NOT NULL;
CREATE INDEX orders_unlisted ON orders (ship_by, number)
    WHERE status = 'ready_to_pick' AND pick_list IS NULL;

-- How many orders a list has, for each day of ship-by: a window far down a list is found without stepping
-- over all rows before it.
CREATE TABLE order_counts (
    store TEXT NOT NULL,
    status TEXT NOT NULL,
    day INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    PRIMARY KEY (store, status, day)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER orders_counted_in AFTER INSERT ON orders BEGIN
    INSERT INTO order_counts (store, status, day, orders)
        VALUES (new.store, new.status, new.ship_by / 86400000000, 1)
        ON CONFLICT (store, status, day) DO UPDATE SET orders = orders + 1;
END;
CREATE TRIGGER orders_counted_out AFTER DELETE ON orders BEGIN
    UPDATE order_counts SET orders = orders - 1
        WHERE store = old.store AND status = old.status AND day = old.ship_by / 86400000000;
    DELETE FROM order_counts
        WHERE store = old.store AND status = old.status AND day = old.ship_by / 86400000000 AND orders = 0;
END;
CREATE TRIGGER orders_counted_over AFTER UPDATE OF status, ship_by ON orders
WHEN new.status <> old.status OR new.ship_by <> old.ship_by BEGIN
    UPDATE order_counts SET orders = orders - 1
        WHERE store = old.store AND status = old.status AND day = old.ship_by / 86400000000;
    DELETE FROM order_counts
        WHERE store = old.store AND status = old.status AND day = old.ship_by / 86400000000 AND orders = 0;
    INSERT INTO order_counts (store, status, day, orders)
        VALUES (new.store, new.status, new.ship_by / 86400000000, 1)
        ON CONFLICT (store, status, day) DO UPDATE SET orders = orders + 1;
END;

CREATE TABLE channel_orders (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    word TEXT NOT NULL
) STRICT;

CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line TEXT NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_lines_by_sku ON order_lines (sku);

CREATE TABLE customers (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    data_key INTEGER NOT NULL REFERENCES data_keys (id),
    sealed BLOB NOT NULL
) STRICT;

-- Boxes. `turn` is the owner's turn, `round` goes up when a void frees the box: the scans of earlier rounds
-- are history.
CREATE TABLE boxes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    number INTEGER NOT NULL,
    weight TEXT,
    dimensions TEXT,
    confirmation TEXT NOT NULL,
    turn INTEGER NOT NULL,
    owner INTEGER REFERENCES users (id),
    round INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, number)
) STRICT;

CREATE TABLE scans (
    id BLOB PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    box_id INTEGER NOT NULL REFERENCES boxes (id),
    round INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    event TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    UNIQUE (box_id, round, sequence)
) STRICT, WITHOUT ROWID;

-- The unit index: a unit of an order line lies in at most one box at a time.
CREATE TABLE packed_units (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    line TEXT NOT NULL,
    unit INTEGER NOT NULL,
    part INTEGER NOT NULL,
    box_id INTEGER NOT NULL REFERENCES boxes (id),
    round INTEGER NOT NULL,
    live INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (box_id, round, line, unit, part)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX packed_units_once ON packed_units (order_id, line, unit, part) WHERE live = 1;

-- The code index: no transparency code or serial twice, except for its own unit.
CREATE TABLE unit_codes (
    code TEXT PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    line TEXT NOT NULL,
    unit INTEGER NOT NULL,
    box_id INTEGER NOT NULL REFERENCES boxes (id),
    live INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX unit_codes_once ON unit_codes (order_id, line, unit) WHERE live = 1;
CREATE INDEX unit_codes_by_box ON unit_codes (box_id) WHERE live = 1;

CREATE TABLE quotes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    box_id INTEGER NOT NULL REFERENCES boxes (id),
    request TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    wanted_at INTEGER NOT NULL,
    asked_at INTEGER,
    answered_at INTEGER,
    answer TEXT,
    failure TEXT
) STRICT;
CREATE INDEX quotes_by_box ON quotes (box_id, id);
CREATE INDEX quotes_wanted ON quotes (id) WHERE answer IS NULL AND failure IS NULL;

-- Labels: each is one intent to buy, with its own key (the id). in_doubt: an earlier sending may have bought;
-- void_in_doubt: an earlier sending may have voided.
CREATE TABLE labels (
    id BLOB PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    box_id INTEGER NOT NULL REFERENCES boxes (id),
    round INTEGER NOT NULL,
    state TEXT NOT NULL,
    quote_id INTEGER NOT NULL REFERENCES quotes (id),
    fingerprint BLOB NOT NULL,
    choice TEXT NOT NULL,
    chosen_because TEXT,
    carrier TEXT NOT NULL,
    service_id TEXT NOT NULL,
    service TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    price_currency TEXT NOT NULL,
    station TEXT NOT NULL,
    wanted_by INTEGER NOT NULL REFERENCES users (id),
    wanted_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    reason TEXT,
    not_before INTEGER,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    void_in_doubt INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER,
    request BLOB,
    request_key INTEGER REFERENCES data_keys (id),
    shipment TEXT,
    tracking TEXT,
    promise_earliest INTEGER,
    promise_latest INTEGER,
    held INTEGER NOT NULL DEFAULT 0,
    printed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- One live label a box: PURCHASING.md 2, and void refused, whose label lives on at the carrier.
CREATE UNIQUE INDEX labels_one_live ON labels (box_id) WHERE state IN (
    'wanted', 'asked', 'unknown', 'bought', 'bought without document', 'printed',
    'void wanted', 'void asked', 'void unknown', 'void refused'
);
CREATE INDEX labels_at_work ON labels (state, sequence) WHERE state IN (
    'wanted', 'asked', 'unknown', 'bought without document', 'void wanted', 'void asked', 'void unknown'
);
CREATE INDEX labels_by_order ON labels (order_id, sequence);
CREATE INDEX labels_by_tracking ON labels (tracking) WHERE tracking IS NOT NULL;
CREATE INDEX labels_by_shipment ON labels (shipment) WHERE shipment IS NOT NULL;
CREATE INDEX labels_by_quote ON labels (quote_id);

CREATE TABLE attempts (
    label BLOB NOT NULL REFERENCES labels (id),
    kind TEXT NOT NULL CHECK (kind IN ('buy', 'void')),
    number INTEGER NOT NULL,
    epoch INTEGER NOT NULL REFERENCES epochs (epoch),
    sent_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    request_id TEXT,
    PRIMARY KEY (label, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    label BLOB NOT NULL REFERENCES labels (id),
    position INTEGER NOT NULL,
    format TEXT NOT NULL,
    kind TEXT NOT NULL,
    data_key INTEGER NOT NULL REFERENCES data_keys (id),
    bytes BLOB NOT NULL,
    PRIMARY KEY (label, position)
) STRICT;

-- The labels' history: append-only, each row carries the hash of the one before.
CREATE TABLE label_history (
    sequence INTEGER PRIMARY KEY,
    label BLOB NOT NULL REFERENCES labels (id),
    at INTEGER NOT NULL,
    by INTEGER REFERENCES users (id),
    state TEXT NOT NULL,
    facts TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX label_history_by_label ON label_history (label, sequence);
CREATE TRIGGER label_history_kept BEFORE UPDATE ON label_history BEGIN
    SELECT RAISE(ABORT, 'the history of labels is only added to');
END;
CREATE TRIGGER label_history_stays BEFORE DELETE ON label_history BEGIN
    SELECT RAISE(ABORT, 'the history of labels is only added to');
END;

CREATE TABLE print_jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label BLOB NOT NULL REFERENCES labels (id),
    station TEXT NOT NULL,
    state TEXT NOT NULL,
    copy INTEGER NOT NULL,
    reason TEXT,
    wanted_at INTEGER NOT NULL,
    wanted_by INTEGER REFERENCES users (id),
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX print_jobs_open ON print_jobs (station, id) WHERE state NOT IN ('done', 'dropped');
CREATE INDEX print_jobs_by_label ON print_jobs (label, id);

-- Who did what; no customer data.
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER REFERENCES orders (id),
    at INTEGER NOT NULL,
    by INTEGER REFERENCES users (id),
    what TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_order ON history (order_id, id);
CREATE TRIGGER history_kept BEFORE UPDATE ON history BEGIN
    SELECT RAISE(ABORT, 'the history is only added to');
END;
CREATE TRIGGER history_stays BEFORE DELETE ON history BEGIN
    SELECT RAISE(ABORT, 'the history is only added to');
END;
