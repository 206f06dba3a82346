//! Amazon's rules for Prime orders, asked by the store whoever buys and however.

use super::Case;
use super::station::{Bench, bought, channel, line, rate, refusal, tracking};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::rate::Confirmation;
use crate::store::{RecordOutside, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "a late or untracked method for a Prime order takes the permission and a reason",
        breach,
    ),
    ("a Prime order in time and tracked takes neither", in_time),
    ("the share of Prime orders with Buy Shipping is counted", share),
];

impl Bench {
    /// Order `n`, a mug, Prime, to be there in so many days.
    fn prime(&mut self, n: u32, days: i64) -> OrderId {
        let mut word = channel(n, vec![line("L1", "MUG", 1)]);
        word.programs.prime = true;
        word.deliver_by.latest = Some(self.now + TimeDelta::days(days));
        self.import(word)
    }

    fn packed_with(&mut self, order: OrderId, confirmation: Confirmation) -> WantLabel {
        let parcel = self
            .store
            .begin_packing(order, self.packer, false, confirmation, self.now)
            .unwrap();
        self.verify(order, &parcel, "MUG", 0..1);
        let parcel = self.weigh(&parcel);
        let quote = self.quote(order, &parcel, vec![rate("r1", 820)]);
        self.want(order, &parcel, quote)
    }
}

fn breach(mut bench: Bench) {
    // The rate promises the day after tomorrow.
    for (n, days, confirmation) in [
        (1, 1, Confirmation::DeliveryConfirmation),
        (2, 6, Confirmation::NoTracking),
    ] {
        let order = bench.prime(n, days);
        let mut want = bench.packed_with(order, confirmation);
        let words = refusal(bench.store.want_label(&want, bench.now)).to_string();
        assert!(
            words.contains("typed reason") && words.contains("PRIME"),
            "{words}"
        );
        want.reason = Some("the buyer knows".to_owned());
        let words = refusal(bench.store.want_label(&want, bench.now)).to_string();
        assert!(
            words.contains("Ann may not break Amazon's rules for a Prime order: ask Sue"),
            "{words}"
        );
        assert!(bench.store.labels_of(order).unwrap().is_empty());
        want.by = bench.supervisor;
        bench.store.want_label(&want, bench.now).unwrap();
        let history = bench.store.order(order).unwrap().history;
        assert!(
            history[0].what.contains("(the buyer knows)"),
            "{}",
            history[0].what
        );
    }
}

fn in_time(mut bench: Bench) {
    let order = bench.prime(1, 6);
    let want = bench.packed_with(order, Confirmation::DeliveryConfirmation);
    bench.store.want_label(&want, bench.now).unwrap();
}

fn share(mut bench: Bench) {
    let since = bench.now - TimeDelta::days(30);
    let counted = |bench: &Bench| {
        let share = bench.store.prime_share(since).unwrap();
        (share.orders, share.buy_shipping)
    };
    assert_eq!(counted(&bench), (0, 0));
    bench.bought(1);
    assert_eq!(counted(&bench), (0, 0), "it is not Prime");
    let order = bench.prime(2, 6);
    let want = bench.packed_with(order, Confirmation::DeliveryConfirmation);
    bench.store.want_label(&want, bench.now).unwrap();
    assert_eq!(counted(&bench), (0, 0), "nothing is bought yet");
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &bought(&tracking(2)));
    assert_eq!(counted(&bench), (1, 1));
    let order = bench.prime(3, 6);
    let packed = bench.packed_with(order, Confirmation::DeliveryConfirmation);
    let record = RecordOutside {
        id: IntentId(bench.fresh()),
        order,
        box_id: packed.box_id,
        turn: packed.turn,
        carrier: crate::domain::outside::Carrier::Ups,
        method: "Ground".to_owned(),
        tracking: "1Z5R89390357567127".to_owned(),
        checked: false,
        cost: super::station::usd(900),
        reason: Some("strike at the depot".to_owned()),
        by: bench.supervisor,
        station: super::station::station(),
        manifests: false,
    };
    bench.store.record_outside(&record, bench.now).unwrap();
    assert_eq!(counted(&bench), (2, 1));
    assert_eq!(
        bench
            .store
            .prime_share(bench.now + TimeDelta::days(1))
            .unwrap()
            .orders,
        0
    );
    bench.void(want.id);
    assert_eq!(counted(&bench), (1, 0), "a voided label ships nothing");
}
