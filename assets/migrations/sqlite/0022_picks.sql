-- What was picked of a pick list by scan: of each product for each order. `short`: why the rest is not there.
CREATE TABLE picks (
    pick_list INTEGER NOT NULL REFERENCES pick_lists (id),
    order_id INTEGER NOT NULL REFERENCES orders (id),
    sku TEXT NOT NULL,
    picked INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    short TEXT,
    by INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (pick_list, order_id, sku)
) STRICT, WITHOUT ROWID;
