-- Methods that a shop knows from its rates, which of them are switched off, and who assigned an order's method.
CREATE TABLE methods (
    store TEXT NOT NULL,
    service_id TEXT NOT NULL COLLATE NOCASE,
    service TEXT NOT NULL,
    carrier_id TEXT NOT NULL,
    carrier TEXT NOT NULL,
    off_at INTEGER,
    off_by INTEGER REFERENCES users (id),
    off_why TEXT,
    PRIMARY KEY (store, service_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE assignments (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id),
    at INTEGER NOT NULL,
    by INTEGER REFERENCES users (id),
    policy TEXT,
    why TEXT NOT NULL
) STRICT;
