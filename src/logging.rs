//! Logs to a file, never to the terminal, never with customer data.
