-- Several boxes for an order: the one that was opened last is the one that is packed.
ALTER TABLE boxes ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
