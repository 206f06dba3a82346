-- Which database this is: a copy that is put in its place, and a copy that went another way since, are told by it.
INSERT INTO settings (key, text) VALUES ('identity', lower(hex(randomblob(16))));

-- After a restore: the orders that are still to be compared with Amazon's packages. Empty in daily life.
CREATE TABLE compared_orders (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id),
    compared_at INTEGER
) STRICT;
CREATE INDEX compared_orders_left ON compared_orders (order_id) WHERE compared_at IS NULL;
