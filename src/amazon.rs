//! The only HTTP client: Login with Amazon, Orders 2026-01-01, Shipping v2. Wire types never leave this room.
