//! Windows that are read: each has one read under way, the newest.

/// Windows that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Users.
    Users,
    /// What the status line shows.
    Status,
    /// Pick lists.
    PickLists,
    /// Orders of a list.
    Orders,
    /// The open order.
    Order,
    /// Refunds.
    Refunds,
    /// Labels without a carrier scan.
    Unmoved,
    /// Who did what.
    Audit,
    /// What a scan stands for.
    Find,
    /// What a search found.
    Search,
    /// Linked accounts and spend.
    Money,
    /// What waits for Amazon.
    Board,
    /// The pick list whose orders are shown.
    PickList,
    /// Saved templates of pick lists.
    PickOffer,
    /// How many orders match a filter.
    PickMatches,
    /// The order whose method is to be assigned.
    Method,
    /// Shipping policies.
    Policies,
    /// What one of them would do.
    Rehearsal,
    /// What explains the open order.
    Why,
    /// The newest bulk run of a list.
    Bulk,
    /// Methods offered to its orders.
    BulkMethods,
    /// The walk of a list.
    PickWalk,
    /// The day's end.
    DayEnd,
    /// The desk.
    Desk,
}
