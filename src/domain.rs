//! Facts and rules of packing and shipping. Pure: no IO, no clock, no async, no logging.
//!
//! Time is always an argument. Whatever comes from outside is cleaned ([`text::Clean`]) before it gets here.

pub mod address;
pub mod audit;
pub mod badge;
pub mod bucket;
pub mod channel;
pub mod choice;
pub mod confirmation;
pub mod customer;
pub mod erasure;
pub mod explain;
pub mod freshness;
pub mod ids;
pub mod intent;
pub mod market;
pub mod merchant;
pub mod method;
pub mod money;
pub mod onto_box;
pub mod order;
pub mod outside;
pub mod own_order;
pub mod packing;
pub mod picking;
pub mod po;
pub mod policy;
pub mod preflight;
pub mod product;
pub mod rate;
pub mod refund;
pub mod rows;
pub mod scale;
pub mod scan;
pub mod sealed;
pub mod seller;
pub mod settling;
pub mod shipment;
pub mod slip;
pub mod spend;
pub mod status;
pub mod text;
pub mod transparency;
pub mod units;
pub mod user;
pub mod zone;
