-- Rate shopping ahead of packing: what each order would go by, found once a day. Of orders the day (days since 1970)
-- stands with them too, so that what is due is found by an index; 0: not shopped for yet.
CREATE TABLE shopped (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id),
    shopped TEXT NOT NULL
) STRICT;
ALTER TABLE orders ADD COLUMN shopped_day INTEGER NOT NULL DEFAULT 0;
CREATE INDEX orders_to_shop ON orders (store, shopped_day, ship_by)
    WHERE status IN ('ready_to_pick', 'in_picking', 'in_packing');
CREATE TRIGGER shopped_marked AFTER INSERT ON shopped BEGIN
    INSERT INTO order_marks (order_id, mark)
        VALUES (new.order_id, (SELECT ifnull(max(mark), 0) + 1 FROM order_marks))
        ON CONFLICT (order_id) DO UPDATE SET mark = excluded.mark;
END;
CREATE TRIGGER shopped_marked_anew AFTER UPDATE OF shopped ON shopped BEGIN
    INSERT INTO order_marks (order_id, mark)
        VALUES (new.order_id, (SELECT ifnull(max(mark), 0) + 1 FROM order_marks))
        ON CONFLICT (order_id) DO UPDATE SET mark = excluded.mark;
END;
