-- What was done in each hour (hours since 1970 in UTC) by whom (0: nobody was signed in): counts for the desk, written
-- with what they count. `orders`: orders whose last unit was verified, less those of which a unit was taken out again.
CREATE TABLE hours_worked (
    hour INTEGER NOT NULL,
    by INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    units INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    PRIMARY KEY (hour, by)
) STRICT, WITHOUT ROWID;
-- Refused scans by form and reason, never by code.
CREATE TABLE hours_refused (
    hour INTEGER NOT NULL,
    by INTEGER NOT NULL,
    form TEXT NOT NULL,
    scans INTEGER NOT NULL,
    PRIMARY KEY (hour, by, form)
) STRICT, WITHOUT ROWID;
-- How long scans took from their Enter to durable: how many fell into each step of `domain::desk::AnswerTimes`.
CREATE TABLE hours_answered (
    hour INTEGER NOT NULL,
    by INTEGER NOT NULL,
    step INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    PRIMARY KEY (hour, by, step)
) STRICT, WITHOUT ROWID;
-- Refunds that are not decided are summed without reading those that are.
CREATE INDEX labels_refund_open ON labels (sequence)
    WHERE state IN ('voided', 'refund pending', 'refund not reported');

-- What was scanned before.
INSERT INTO hours_worked (hour, by, orders, units, scans)
SELECT at / 3600000000, by, 0,
    sum(ifnull(json_array_length(event, '$.Verified.units'), 0) - ifnull(json_array_length(event, '$.Undone.units'), 0)),
    count(*)
FROM scans GROUP BY 1, 2;
UPDATE hours_worked SET orders = (
    SELECT count(*) FROM (SELECT order_id, max(at) AS at, by FROM scans GROUP BY order_id) AS last
    JOIN orders ON orders.id = last.order_id
    WHERE last.at / 3600000000 = hours_worked.hour AND last.by = hours_worked.by
        AND units_wanted > 0 AND units_packed >= units_wanted
);
INSERT INTO hours_refused (hour, by, form, scans)
SELECT at / 3600000000, ifnull(by, 0),
    iif(what LIKE '% more in a row', 'in a row', substr(what, 15, 60)),
    sum(iif(what LIKE '% more in a row', cast(substr(what, 15) AS INTEGER), 1))
FROM history WHERE what LIKE 'scan refused: %' GROUP BY 1, 2, 3;
