//! Enter, leave and restore the terminal; notice when it is gone.
