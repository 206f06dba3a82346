-- Since when an order is Shipped or Canceled: its customer's data is erased 30 days later.
ALTER TABLE orders ADD COLUMN settled_at INTEGER;
UPDATE orders SET settled_at = ifnull(
    (SELECT max(at) FROM history
        WHERE history.order_id = orders.id AND (what LIKE 'Shipped%' OR what LIKE 'Canceled%')),
    imported_at
) WHERE status IN ('shipped', 'canceled');
CREATE TRIGGER orders_settled AFTER UPDATE OF status ON orders WHEN new.status <> old.status BEGIN
    UPDATE orders SET settled_at = iif(new.status IN ('shipped', 'canceled'), new.changed_at, NULL)
        WHERE id = new.id;
END;
CREATE INDEX orders_not_erased ON orders (store, number) WHERE erased = 0;

-- What was erased never comes back, whoever brings it.
CREATE TRIGGER customers_stay_erased BEFORE INSERT ON customers
WHEN (SELECT erased FROM orders WHERE id = new.order_id) = 1 BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE TRIGGER documents_stay_erased BEFORE INSERT ON documents
WHEN (SELECT erased FROM orders JOIN labels ON labels.order_id = orders.id WHERE labels.id = new.label) = 1 BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE TRIGGER data_keys_stay_destroyed BEFORE UPDATE OF wrapped ON data_keys
WHEN old.destroyed_at IS NOT NULL AND new.wrapped IS NOT NULL BEGIN
    SELECT RAISE(IGNORE);
END;
