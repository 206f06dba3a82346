//! A whole day at once: two packers and a supervisor, each at a real terminal of the real program, ship orders of all
//! kinds while purchases and reads fail, and while Amazon is away for ten minutes; then the simulator's ledger is
//! compared with the store.
//!
//! The day of the record: `TAPEGUN_REHEARSAL=200 cargo test --test rehearsal_day -- --ignored --nocapture`
//! (`docs/rehearsal.md`). The small one runs always.

#[path = "rehearsal_day/books.rs"]
mod books;
#[path = "rehearsal_day/person.rs"]
mod person;
#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;
#[path = "pty/terminal.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod terminal;
#[path = "rehearsal_day/trouble.rs"]
mod trouble;

use books::{Day, Verdict};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use person::{ENTER, End, F10, F11, INSERT, Person, Weather, Work};
use rig::Rig;
use std::collections::BTreeMap;
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::bulk::RowState;
use tapegun::domain::ids::BulkRunId;
use tapegun::simulator::{Base, Order, demo};
use tapegun::store::{BulkRuns as _, Store as _};
use trouble::Trouble;

/// As long as Amazon is away, in simulated time.
const OUTAGE: TimeDelta = TimeDelta::minutes(10);

/// What everybody has to do.
struct Plan {
    works: BTreeMap<String, Work>,
    /// Before the outage, while it lasts, and after it, for each of the packers.
    shares: [[Vec<Work>; 3]; 2],
    reviews: Vec<Work>,
    bulk: Vec<String>,
}

fn plan(rig: &Rig, orders: &[Order]) -> Plan {
    let codes = rig.all_codes();
    let most = (orders.len() / 8).max(2);
    let mut plan = Plan {
        works: BTreeMap::new(),
        shares: Default::default(),
        reviews: Vec::new(),
        bulk: Vec::new(),
    };
    let mut late = Vec::new();
    let mut all = Vec::new();
    for (at, order) in orders.iter().enumerate() {
        let codes = codes.get(&order.number).cloned().unwrap_or_default();
        let has_codes = order.lines.iter().any(|line| line.serial || line.transparency);
        let group = order.lines.iter().any(|line| line.sku.starts_with("SET-"));
        let open = order.base == Base::Open;
        let asks = order.lines.iter().any(|line| line.cancel_requested);
        let simple = open && !asks && !has_codes && !group;
        let second_box = (simple && codes.len() > 1 && at % 4 == 0).then_some(codes.len() / 2);
        let bulk = simple && second_box.is_none() && at % 4 >= 2 && plan.bulk.len() < most;
        let heavy = order.lines.iter().any(|line| line.sku == "WEIGHT-10");
        let work = Work {
            number: order.number.clone(),
            codes,
            second_box,
            bulk,
            weight: if heavy { "22 lb" } else { "3 lb" },
        };
        plan.works.insert(order.number.clone(), work.clone());
        if bulk {
            plan.bulk.push(order.number.clone());
        }
        match () {
            () if asks => plan.reviews.push(work),
            () if !open => late.push(work),
            () => all.push(work),
        }
    }
    let (before, outage) = (all.len() * 9 / 20, (all.len() / 10).max(4));
    for (at, work) in all.into_iter().enumerate() {
        let part = usize::from(at >= before) + usize::from(at >= before + outage);
        plan.shares[at % 2][part].push(work);
    }
    for (at, work) in late.into_iter().enumerate() {
        plan.shares[at % 2][2].push(work);
    }
    plan
}

fn run(rig: &Rig, arguments: &[&str]) {
    let output = rig.station(arguments).output().expect("runs");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {words}");
}

fn shown(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// One day of so many orders; the verdict and its table.
fn day(count: usize, seed: u64) -> (Verdict, String) {
    let clock = SystemClock::new();
    let began = clock.monotonic();
    let rig = Rig::mixed(seed, count);
    run(&rig, &["users", "add", "Ben"]);
    run(&rig, &["users", "add", "Sam", "--supervisor"]);
    let orders = demo::mixed(count, clock.now());
    let plan = plan(&rig, &orders);
    let mut create = vec!["pick-list", "create", "Wave"];
    for order in &plan.bulk {
        create.extend(["--order", order]);
    }
    run(&rig, &create);

    let mut ana = Person::sit_down(&rig, "Ana", (80, 24));
    let mut ben = Person::sit_down(&rig, "Ben", (100, 30));
    let mut sam = Person::sit_down(&rig, "Sam", (160, 50));
    let mut trouble = Trouble::default();
    let [of_ana, of_ben] = &plan.shares;

    Trouble::begin(&rig);
    let ready = std::thread::scope(|scope| {
        let ana = scope.spawn(|| morning(&mut ana, of_ana));
        let ben = scope.spawn(|| morning(&mut ben, of_ben));
        for work in &plan.reviews {
            sam.review(work);
        }
        sam.work(&plan.reviews, Weather::Fair);
        [ana, ben].map(|person| person.join().expect("a packer"))
    });
    trouble.end(&rig, None);

    Trouble::outage(&rig);
    std::thread::scope(|scope| {
        scope.spawn(|| outage(&mut ana, of_ana, ready[0]));
        scope.spawn(|| outage(&mut ben, of_ben, ready[1]));
    });
    trouble.end(&rig, Some("reset in the outage"));

    // Ten minutes later: the screens start anew, and what was cheap is dearer.
    rig.post(
        "/_sim/clock",
        &format!(r#"{{"advance_seconds":{}}}"#, OUTAGE.num_seconds()),
    );
    rig.post("/_sim/switches", r#"{"price_rise_cents":7}"#);
    let later = || shown(clock.now() + OUTAGE);
    for person in [&mut ana, &mut ben, &mut sam] {
        person.start_again(&later());
    }
    Trouble::begin(&rig);
    std::thread::scope(|scope| {
        scope.spawn(|| afternoon(&mut ana, of_ana));
        scope.spawn(|| afternoon(&mut ben, of_ben));
    });
    sam.start_again(&later());
    std::thread::scope(|scope| {
        scope.spawn(|| again(&mut ana, of_ana));
        scope.spawn(|| again(&mut ben, of_ben));
        ship_in_bulk(&rig, &mut sam, plan.bulk.len());
    });
    trouble.end(&rig, None);

    let mut ends = BTreeMap::new();
    let mut green: BTreeMap<String, usize> = BTreeMap::new();
    let (mut waited, mut rose) = (0, 0);
    for person in [&mut sam, &mut ana, &mut ben] {
        person.screen.signal(rustix::process::Signal::KILL);
        waited += person.waited;
        rose += person.rose;
        for (number, end) in std::mem::take(&mut person.ends) {
            ends.insert(number, end);
        }
        for (number, count) in std::mem::take(&mut person.green) {
            *green.entry(number).or_default() += count;
        }
    }
    settle(&rig, &clock);
    let verdict = books::judge(&rig, &orders, &plan.works, &ends, &green);
    let seconds = clock.monotonic().saturating_sub(began).as_secs();
    let day = Day {
        seconds,
        waited,
        rose,
    };
    let table = books::table(&verdict, &day, &trouble);
    (verdict, table)
}

/// The first orders; then one as far as the yes, which is not said before Amazon is away.
fn morning(person: &mut Person, share: &[Vec<Work>; 3]) -> bool {
    person.work(&share[0], Weather::Fair);
    let first = share[1].iter().find(|work| !work.bulk);
    first.is_some_and(|work| person.stand_before_yes(work))
}

fn outage(person: &mut Person, share: &[Vec<Work>; 3], ready: bool) {
    let first = share[1].iter().find(|work| !work.bulk);
    if let Some(work) = first.filter(|_| ready) {
        person.say_yes_in_outage(work);
    }
    for work in &share[1] {
        if first.is_none_or(|first| first.number != work.number) {
            person.work(std::slice::from_ref(work), Weather::Outage);
        }
    }
}

fn afternoon(person: &mut Person, share: &[Vec<Work>; 3]) {
    person.work(&share[2], Weather::Fair);
}

/// What waited is taken up once more.
fn again(person: &mut Person, share: &[Vec<Work>; 3]) {
    for _ in 0..2 {
        for work in share.iter().flatten() {
            if matches!(person.ends.get(&work.number), None | Some(End::Later(_))) {
                person.work(std::slice::from_ref(work), Weather::Fair);
            }
        }
    }
}

/// The pick list that the packers have packed; what is refused for a fault is tried again.
fn ship_in_bulk(rig: &Rig, sam: &mut Person, count: usize) {
    let rows = || {
        let store = rig.store();
        let page = store.bulk_rows(BulkRunId(1), 0, 1_000);
        page.map(|page| page.rows).unwrap_or_default()
    };
    sam.see(20, "", &["Wave"]);
    sam.screen.send(ENTER);
    sam.see(30, "", &["Insert Bulk ship"]);
    sam.screen.send(F11);
    sam.see(30, "", &["Run 1 of list 1"]);
    for _ in 0..5 {
        if sam.see(120, "", &["ready, nothing is bought yet"]).is_some() {
            sam.screen.send(F10);
            if sam.see(20, "", &["Buy all these labels?"]).is_some() {
                sam.screen.send(F10);
            }
        }
        for _ in 0..150 {
            let rows = rows();
            if rows.len() == count && rows.iter().all(|row| row.state.is_final()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(400));
        }
        let rows = rows();
        let refused = rows.iter().filter(|row| row.state == RowState::Refused);
        let words: Vec<&str> = refused.map(|row| row.words.as_str()).collect();
        println!("Sam, in bulk: {} orders, refused: {words:?}", rows.len());
        if words.is_empty() && !rows.is_empty() {
            return;
        }
        sam.screen.send(INSERT);
        std::thread::sleep(Duration::from_secs(2));
    }
}

/// The background task finishes what waits, as the hours pass.
fn settle(rig: &Rig, clock: &SystemClock) {
    for again in 1..40 {
        let time = clock.now() + OUTAGE + TimeDelta::seconds(20 * again);
        let mut command = rig.station(&["sync", "--once"]);
        command.env("TAPEGUN_CLOCK", shown(time)).output().expect("sync");
        let waiting = rig.store().waiting().expect("counts");
        if waiting.purchases + waiting.unknown + waiting.voids + waiting.prints == 0 {
            return;
        }
    }
}

#[test]
fn a_small_day_of_every_kind_ends_with_the_ledger_matching() {
    let (verdict, table) = day(17, 4);
    println!("{table}");
    assert!(verdict.wrong.is_empty(), "{:#?}\n{table}", verdict.wrong);
    assert!(verdict.shipped >= 14, "{table}");
}

#[test]
#[ignore = "takes many minutes: TAPEGUN_REHEARSAL=200"]
fn a_whole_day_ends_with_the_ledger_matching() {
    let count = std::env::var("TAPEGUN_REHEARSAL").map_or(200, |text| text.parse().expect("a number"));
    let (verdict, table) = day(count, 7);
    println!("{table}");
    assert!(verdict.wrong.is_empty(), "{:#?}\n{table}", verdict.wrong);
    assert!(verdict.shipped * 10 >= count * 8, "{table}");
}
