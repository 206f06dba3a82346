-- Notes on orders, sealed under the order's data key: they may name the customer.
CREATE TABLE order_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    by INTEGER NOT NULL REFERENCES users (id),
    data_key INTEGER NOT NULL REFERENCES data_keys (id),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX order_notes_by_order ON order_notes (order_id, id);
-- What was wrong with the address when it was last looked at: what was settled stays so until that changes.
ALTER TABLE orders ADD COLUMN address_faults TEXT NOT NULL DEFAULT '[]';
-- Erased with the rest of what names the customer.
CREATE TRIGGER order_notes_erased AFTER UPDATE OF erased ON orders WHEN new.erased = 1 AND old.erased = 0 BEGIN
    DELETE FROM order_notes WHERE order_id = new.id;
END;
