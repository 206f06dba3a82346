-- Whose pick list it is.
ALTER TABLE pick_lists ADD COLUMN assigned_to INTEGER REFERENCES users (id);

-- Filters that pick lists are made with, as JSON.
CREATE TABLE pick_templates (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    filter TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO pick_templates (name, filter) VALUES
    ('Single unit', '{"units":"single","limit":40}'),
    ('Multi unit', '{"units":"multi","limit":20}'),
    ('Urgent', '{"due_within":480,"limit":40}'),
    ('Prime', '{"badges":["Prime"],"limit":40}'),
    ('Business', '{"badges":["Business"],"limit":40}'),
    ('Transparency', '{"badges":["Transparency"],"limit":20}');

-- An order on a list that may not be shipped needs a person.
UPDATE orders SET trouble = 1
    WHERE pick_list IS NOT NULL AND status IN ('pending', 'review', 'on_hold', 'canceled');
