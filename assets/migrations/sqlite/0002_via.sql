-- Which way a label comes to us: shipping-v2, merchant-fulfillment-v0, outside.
ALTER TABLE labels ADD COLUMN via TEXT NOT NULL DEFAULT 'shipping-v2';
