-- Service level, ship-by and deliver-by that policies gave an order, laid over what the channel says wherever it is read.
ALTER TABLE orders ADD COLUMN policy_promised TEXT;
