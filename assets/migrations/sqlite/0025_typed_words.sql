-- What people typed about orders and what Amazon wrote about them, sealed under the order's data key: it may name the
-- customer. Histories, labels, scans and explanations hold `⟦words NUMBER⟧` in its place. Each number is given once.
CREATE TABLE typed_words (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    data_key INTEGER NOT NULL REFERENCES data_keys (id),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX typed_words_by_order ON typed_words (order_id, id);
-- Erased with the rest of what names the customer.
CREATE TRIGGER typed_words_erased AFTER UPDATE OF erased ON orders WHEN new.erased = 1 AND old.erased = 0 BEGIN
    DELETE FROM typed_words WHERE order_id = new.id;
END;
