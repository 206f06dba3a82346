-- Split orders: the units of each line that a part has, and which part it is. A whole order has no row there, and 0 in
-- both columns; a part of which nothing is left has no row either, and place 0 of parts above 0.
CREATE TABLE order_shares (
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;
ALTER TABLE orders ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
