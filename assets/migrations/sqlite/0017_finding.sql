-- What of an order changed that a search may ask for, in the order of the changes, so that an index in memory is
-- brought up to date without reading all orders. New orders have higher numbers than those known, and need no mark.
CREATE TABLE order_marks (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    mark INTEGER NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER orders_marked AFTER UPDATE OF
    status, ship_by, deliver_by, badges, search, assigned, flags, pick_list, label_state, erased ON orders
WHEN new.status <> old.status OR new.ship_by <> old.ship_by OR new.deliver_by IS NOT old.deliver_by
    OR new.badges <> old.badges OR new.search <> old.search OR new.assigned <> old.assigned
    OR new.flags <> old.flags OR new.pick_list IS NOT old.pick_list
    OR new.label_state IS NOT old.label_state OR new.erased <> old.erased
BEGIN
    INSERT INTO order_marks (order_id, mark)
        VALUES (new.id, (SELECT ifnull(max(mark), 0) + 1 FROM order_marks))
        ON CONFLICT (order_id) DO UPDATE SET mark = excluded.mark;
END;
CREATE TRIGGER customers_marked AFTER UPDATE OF sealed ON customers BEGIN
    INSERT INTO order_marks (order_id, mark)
        VALUES (new.order_id, (SELECT ifnull(max(mark), 0) + 1 FROM order_marks))
        ON CONFLICT (order_id) DO UPDATE SET mark = excluded.mark;
END;
CREATE TRIGGER aftermath_marked AFTER UPDATE OF scanned ON aftermath WHEN new.scanned <> old.scanned BEGIN
    INSERT INTO order_marks (order_id, mark)
        SELECT order_id, (SELECT ifnull(max(mark), 0) + 1 FROM order_marks) FROM labels WHERE id = new.label
        ON CONFLICT (order_id) DO UPDATE SET mark = excluded.mark;
END;
