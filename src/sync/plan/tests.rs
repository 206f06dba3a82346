//! What is due, in which order, and what keeps two steps apart.

use super::*;
use crate::domain::ids::{BoxId, OrderId, ShipmentId, UserId};
use crate::domain::money::{Currency, Money};
use crate::domain::rows::LabelRow;
use uuid::Uuid;

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn at(seconds: u64) -> Moment {
    Moment {
        wall: start() + TimeDelta::seconds(i64::try_from(seconds).unwrap()),
        watch: Duration::from_secs(1_000 + seconds),
    }
}

fn item(id: u128, order: &str, state: LabelState) -> WorkItem {
    WorkItem {
        label: LabelRow {
            id: IntentId(Uuid::from_u128(id)),
            order: OrderId(1),
            number: OrderNumber::from(order),
            box_id: BoxId(1),
            state,
            carrier: "UPS".to_owned(),
            service: "UPS Ground".to_owned(),
            price: Money::new(500, Currency::USD),
            shipment: Some(ShipmentId::from("s")),
            tracking: None,
            promise: None,
            reason: Some("because".to_owned()),
            wanted_at: start(),
            wanted_by: UserId(1),
            changed_at: start(),
            attempts: 0,
            printed: 0,
            document: None,
            held: false,
            via: crate::domain::seller::LabelVia::ShippingV2,
            aftermath: None,
            onto_box: crate::domain::onto_box::OntoBox::NotAsked,
        },
        store: StoreId::from("us"),
        last_attempt: 1,
        first_sent_at: Some(start()),
        last_sent_at: Some(start()),
        epoch: None,
        quote_asked_at: Some(start()),
        quote: None,
        not_before: None,
        in_doubt: state == LabelState::Unknown,
        haste: Haste::Bench,
    }
}

fn planned(labels: Vec<WorkItem>, memory: &Memory, now: Moment) -> Plan {
    let work = Work {
        accounts: Vec::new(),
        labels,
        ..Work::default()
    };
    plan(work, memory, now, true)
}

fn names(plan: &Plan) -> Vec<&'static str> {
    let name = |step: &Step| match step {
        Step::Quote(..) => "quote",
        Step::Buy(_) => "buy",
        Step::Repeat(_) => "repeat",
        Step::Look(_) => "look",
        Step::Document(_) => "document",
        Step::Void(_) => "void",
        Step::Confirm(_) => "confirm",
        Step::Import(_) => "import",
        Step::Compare(..) => "compare",
        Step::Follow(_) => "follow",
        Step::Accounts(_) => "accounts",
        Step::Shop(..) => "shop",
        Step::Form(_) => "form",
        Step::Erase => "erase",
    };
    plan.steps.iter().map(name).collect()
}

#[test]
fn purchases_come_first_and_each_state_has_its_step() {
    let labels = vec![
        item(1, "a", LabelState::VoidWanted),
        item(2, "b", LabelState::BoughtWithoutDocument),
        item(3, "c", LabelState::Wanted),
    ];
    assert_eq!(
        names(&planned(labels, &Memory::default(), at(0))),
        ["buy", "void", "document"]
    );
}

#[test]
fn two_labels_of_one_order_are_never_asked_for_at_once() {
    let labels = vec![item(1, "a", LabelState::Wanted), item(2, "a", LabelState::Wanted)];
    let plan = planned(labels, &Memory::default(), at(0));
    assert_eq!(names(&plan), ["buy"]);
    assert!(plan.waiting[0].why.contains("another label"));
}

#[test]
fn nothing_is_asked_while_an_answer_could_not_be_stored() {
    let work = Work {
        accounts: Vec::new(),
        labels: vec![
            item(1, "a", LabelState::Wanted),
            item(2, "b", LabelState::Unknown),
        ],
        ..Work::default()
    };
    let mut memory = Memory::default();
    memory
        .imports
        .insert(StoreId::from("us"), (Duration::ZERO, String::new()));
    assert!(plan(work, &memory, at(5), false).steps.is_empty());
}

#[test]
fn a_restored_database_compares_and_voids_but_buys_and_repeats_nothing() {
    let order = |number: &str| (OrderId(1), StoreId::from("us"), number.into());
    let work = || Work {
        labels: vec![
            item(1, "a", LabelState::Wanted),
            item(2, "b", LabelState::Unknown),
            item(3, "c", LabelState::VoidWanted),
        ],
        restored: Some(Restored {
            of: "back-up of 2026-03-01 15:00 UTC".to_owned(),
            compared: 12,
            total: 40,
            unswept: Vec::new(),
        }),
        uncompared: vec![order("d"), order("e")],
        ..Work::default()
    };
    let mut memory = Memory::default();
    let planned = plan(work(), &memory, at(5), true);
    assert_eq!(names(&planned), ["compare", "compare", "void"]);
    assert!(
        planned.waiting[0].why.contains("12 of 40 orders compared"),
        "{:?}",
        planned.waiting
    );
    memory.comparing = Some((Duration::from_secs(1_007), "Amazon's limit".to_owned()));
    let planned = plan(work(), &memory, at(5), true);
    assert_eq!(names(&planned), ["void"]);
    assert_eq!(planned.next, Some(Duration::from_secs(2)));
}

#[test]
fn an_unknown_purchase_is_repeated_and_then_only_looked_at() {
    let label = || vec![item(1, "a", LabelState::Unknown)];
    assert!(planned(label(), &Memory::default(), at(4)).steps.is_empty());
    assert_eq!(names(&planned(label(), &Memory::default(), at(5))), ["repeat"]);
    // Two minutes on, no repeat: only the packages may tell.
    assert_eq!(names(&planned(label(), &Memory::default(), at(130))), ["look"]);
}

#[test]
fn a_wall_clock_that_jumps_allows_no_repeat() {
    let id = IntentId(Uuid::from_u128(1));
    let mut memory = Memory::default();
    memory.labels.insert(
        id,
        Note {
            first_sent: Some(at(0).watch),
            looked_at: Some(start() + TimeDelta::seconds(121)),
            ..Note::default()
        },
    );
    // Three minutes by the stopwatch; the wall clock was set back to the first second, and then far ahead.
    for wall in [1, 3_600] {
        let now = Moment {
            wall: at(wall).wall,
            watch: at(180).watch,
        };
        let plan = planned(vec![item(1, "a", LabelState::Unknown)], &memory, now);
        assert!(plan.steps.is_empty(), "{:?}", names(&plan));
    }
}

#[test]
fn pauses_are_kept_and_say_why() {
    let id = IntentId(Uuid::from_u128(1));
    let mut memory = Memory::default();
    let note = Note {
        pause: Some((at(10).watch, "Amazon cannot be reached".to_owned())),
        ..Note::default()
    };
    memory.labels.insert(id, note);
    let plan = planned(vec![item(1, "a", LabelState::Wanted)], &memory, at(4));
    assert!(plan.steps.is_empty());
    assert_eq!(plan.next, Some(Duration::from_secs(6)));
    assert_eq!(plan.waiting[0].again_in, Some(6));
    assert!(plan.waiting[0].why.contains("cannot be reached"));
    assert_eq!(
        names(&planned(vec![item(1, "a", LabelState::Wanted)], &memory, at(10))),
        ["buy"]
    );
}

#[test]
fn a_stored_pause_outlives_the_process() {
    let mut label = item(1, "a", LabelState::Wanted);
    label.not_before = Some(at(30).wall);
    let plan = planned(vec![label.clone()], &Memory::default(), at(0));
    assert_eq!((plan.steps.len(), plan.next), (0, Some(Duration::from_secs(30))));
    assert_eq!(names(&planned(vec![label], &Memory::default(), at(30))), ["buy"]);
}

#[test]
fn what_only_a_person_can_decide_is_said_and_left() {
    let mut held = item(1, "a", LabelState::BoughtWithoutDocument);
    held.label.held = true;
    let plan = planned(vec![held], &Memory::default(), at(0));
    assert!(plan.steps.is_empty() && plan.next.is_none());
    assert_eq!(plan.waiting[0].again_in, None);
}

#[test]
fn shops_are_swept_when_due_and_one_sweep_at_a_time() {
    let shop = StoreId::from("us");
    let mut memory = Memory::default();
    memory.imports.insert(shop.clone(), (at(5).watch, String::new()));
    assert_eq!(
        planned(Vec::new(), &memory, at(0)).next,
        Some(Duration::from_secs(5))
    );
    assert_eq!(names(&planned(Vec::new(), &memory, at(5))), ["import"]);
    memory.busy.insert(Key::Import(shop));
    assert!(planned(Vec::new(), &memory, at(5)).steps.is_empty());
}

#[test]
fn pauses_double_up_to_their_limit() {
    let most = Duration::from_secs(30);
    let pauses: Vec<u64> = (0..6).map(|tries| backoff(tries, most).as_secs()).collect();
    assert_eq!(pauses, [2, 4, 8, 16, 30, 30]);
    assert_eq!(backoff(u32::MAX, most), most);
}

fn follow_up(due: i64) -> FollowUp {
    FollowUp {
        label: item(9, "z", LabelState::Voided).label,
        store: StoreId::from("us"),
        due: start() + TimeDelta::seconds(due),
    }
}

fn background(labels: Vec<WorkItem>, memory: &Memory, now: Moment) -> Plan {
    let work = Work {
        labels,
        follow_ups: vec![follow_up(60)],
        ..Work::default()
    };
    plan(work, memory, now, true)
}

#[test]
fn readings_that_nobody_waits_for_come_last_and_one_at_a_time() {
    let mut memory = Memory::default();
    let early = background(Vec::new(), &memory, at(0));
    assert!(early.steps.is_empty() && early.waiting.is_empty());
    assert_eq!(early.next, Some(Duration::from_mins(1)));
    let labels = || vec![item(1, "a", LabelState::Wanted)];
    assert_eq!(names(&background(labels(), &memory, at(60))), ["buy", "follow"]);
    memory.busy.insert(Key::Background);
    assert_eq!(names(&background(labels(), &memory, at(60))), ["buy"]);
}

#[test]
fn readings_that_nobody_waits_for_keep_a_pace() {
    let mut memory = Memory::default();
    let now = at(60);
    let mut made = 0;
    while !background(Vec::new(), &memory, now).steps.is_empty() {
        memory.background.begin(now.watch);
        made += 1;
    }
    assert_eq!(made, 10, "some at once");
    let next = background(Vec::new(), &memory, now).next;
    assert_eq!(next, Some(Duration::from_secs(4)), "then one in four seconds");
    // Amazon asks to wait: all of them wait.
    let mut memory = Memory::default();
    memory.background.wait(now.watch + Duration::from_secs(30));
    assert_eq!(
        background(Vec::new(), &memory, now).next,
        Some(Duration::from_secs(30))
    );
}

fn to_tell(n: u128, number: &str, due: Option<DateTime<Utc>>) -> ConfirmationRow {
    use crate::domain::confirmation::{ConfirmationState, Shipped};
    use crate::domain::outside::Carrier;
    ConfirmationRow {
        label: IntentId(Uuid::from_u128(n)),
        order: OrderId(1),
        store: StoreId::from("us"),
        number: number.into(),
        state: ConfirmationState::Wanted,
        shipped: Shipped {
            reference: 1,
            carrier: Carrier::Ups,
            method: "Ground".to_owned(),
            tracking: "1Z".into(),
            shipped_at: at(0).wall,
            items: Vec::new(),
        },
        request: None,
        reason: None,
        attempts: 0,
        in_doubt: false,
        not_before: due,
        changed_at: at(0).wall,
    }
}

#[test]
fn amazon_is_told_after_the_purchases_one_step_an_order_at_a_time() {
    let work = || Work {
        labels: vec![item(1, "a", LabelState::Wanted)],
        confirmations: vec![
            to_tell(2, "a", None),
            to_tell(3, "b", None),
            to_tell(4, "c", Some(at(0).wall + TimeDelta::seconds(9))),
        ],
        ..Work::default()
    };
    let plan = plan(work(), &Memory::default(), at(0), true);
    assert_eq!(names(&plan), ["buy", "confirm"]);
    assert_eq!(plan.waiting.len(), 2);
    assert_eq!(plan.next, Some(Duration::from_secs(9)));
    assert!(
        plan.waiting[1]
            .why
            .contains("Amazon is not told of tracking 1Z yet")
    );
    // What this process was told to wait for counts as well.
    let mut memory = Memory::default();
    let note = Note {
        pause: Some((at(60).watch, "its limit is used up".to_owned())),
        ..Note::default()
    };
    memory.confirmations.insert(IntentId(Uuid::from_u128(3)), note);
    let plan = super::plan(work(), &memory, at(0), true);
    assert_eq!(names(&plan), ["buy"]);
    let mut forgotten = memory;
    forgotten.forget_settled(&Work::default());
    assert!(forgotten.confirmations.is_empty());
}

#[test]
fn a_pause_that_was_written_down_ahead_of_the_clock_is_over() {
    let mut wanted = item(1, "a", LabelState::Wanted);
    wanted.not_before = Some(start() + TimeDelta::seconds(30));
    assert!(names(&planned(vec![wanted.clone()], &Memory::default(), at(0))).is_empty());
    // Written down a day ahead of a clock that was set back since.
    wanted.not_before = Some(start() + TimeDelta::seconds(86_430));
    wanted.label.changed_at = start() + TimeDelta::seconds(86_400);
    assert_eq!(
        names(&planned(vec![wanted.clone()], &Memory::default(), at(0))),
        ["buy"]
    );
    wanted.label.state = LabelState::VoidWanted;
    assert_eq!(names(&planned(vec![wanted], &Memory::default(), at(0))), ["void"]);
}
