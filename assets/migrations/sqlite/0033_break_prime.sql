-- One permission for every way in which a person may break Amazon's rules for Prime orders.
UPDATE grants SET permission = 'break-prime' WHERE permission = 'prime-elsewhere';
