-- Shipping policies, and what they said of each order when it was created.
CREATE TABLE policies (
    id INTEGER PRIMARY KEY,
    store TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    rule TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES users (id),
    UNIQUE (store, name)
) STRICT;
CREATE TABLE policy_runs (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
ALTER TABLE orders ADD COLUMN po_box INTEGER;
