//! How each screen looks.

pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod desk;
pub(crate) mod find;
pub(crate) mod label;
pub(crate) mod lists;
pub(crate) mod manifest;
pub(crate) mod pack;
pub(crate) mod pick;
pub(crate) mod rates;
pub(crate) mod refunds;
