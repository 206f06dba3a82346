//! Sheets of our own that a person wants on paper, and whose order it is in lists.

use super::Case;
use super::station::{Bench, refusal, station};
use crate::domain::rows::OrderFilter;
use crate::domain::user::Permission;
use crate::store::OwnSheet;

pub(super) const CASES: &[Case] = &[
    (
        "a slip is printed of a box that something lies in, by who may see customers",
        slip,
    ),
    (
        "a sheet that is wanted is printed once, and a slip that fails is told",
        once,
    ),
    ("lists say who has an order open", packer),
];

fn slip(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    let (packer, supervisor, now) = (bench.packer, bench.supervisor, bench.now);
    let slip = OwnSheet::Slip(order, parcel.id);
    let words = refusal(bench.store.want_sheet(slip, &station(), packer, now)).to_string();
    assert!(words.contains("nothing lies in box 1"), "{words}");
    bench.verify(order, &parcel, "MUG", 0..1);
    bench
        .store
        .grant(
            packer,
            Permission::SeeCustomers,
            Some(false),
            Some(supervisor),
            now,
        )
        .unwrap();
    let words = refusal(bench.store.want_sheet(slip, &station(), packer, now)).to_string();
    assert!(words.contains("may not see customers' data"), "{words}");
    bench.store.want_sheet(slip, &station(), supervisor, now).unwrap();
    let other = bench.mugs(2, 1);
    let theirs = OwnSheet::Slip(other, parcel.id);
    assert!(
        bench
            .store
            .want_sheet(theirs, &station(), supervisor, now)
            .is_err()
    );
    let history = bench.store.order(order).unwrap().history;
    assert_eq!(history[0].what, "packing slip of box 1 to be printed");
    assert_eq!(bench.store.wanted_sheets(&station()).unwrap()[0].1, slip);
}

fn once(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let (packer, now) = (bench.packer, bench.now);
    let slip = OwnSheet::Slip(order, parcel.id);
    for sheet in [OwnSheet::Commands, slip] {
        bench.store.want_sheet(sheet, &station(), packer, now).unwrap();
    }
    let wanted = bench.store.wanted_sheets(&station()).unwrap();
    assert_eq!(
        wanted.iter().map(|(_, sheet)| *sheet).collect::<Vec<_>>(),
        [OwnSheet::Commands, slip]
    );
    assert!(bench.store.wanted_sheets(&"bench-2".into()).unwrap().is_empty());
    bench.store.end_sheet(wanted[0].0, Ok(()), now).unwrap();
    bench
        .store
        .end_sheet(wanted[1].0, Err("no paper".to_owned()), now)
        .unwrap();
    assert!(bench.store.wanted_sheets(&station()).unwrap().is_empty());
    let history = bench.store.order(order).unwrap().history;
    assert_eq!(history[0].what, "PACKING SLIP NOT PRINTED: no paper");
}

fn packer(mut bench: Bench) {
    let (one, two) = (bench.mugs(1, 1), bench.mugs(2, 1));
    bench.open(one);
    let page = bench.store.orders(&OrderFilter::default(), 0, 9).unwrap();
    let whose = |id| page.rows.iter().find(|row| row.id == id).unwrap().packer.clone();
    assert_eq!((whose(one).as_deref(), whose(two)), (Some("Ann"), None));
}
