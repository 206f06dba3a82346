//! Every screen and dialog, drawn at 80x24 and 160x50 with texts that hold anything.

use super::{Theme, draw};
use crate::app::State;
use crate::app::fixtures::{Desk, MUG, NUMBER, WATCH, aftermath, at, az, rates, usd};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::board::{BoardRow, Waits};
use crate::domain::confirmation::ConfirmationState;
use crate::domain::ids::{PrintJobId, StationId};
use crate::domain::onto_box::OntoBox;
use crate::domain::order::Flag;
use crate::domain::rows::{PrintJobRow, PrintState};
use crate::domain::scale::ScaleView;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;
use crate::domain::text::Clean;
use crate::domain::units::Weight;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

mod desk;
mod lists;
mod manifest;
mod methods;
mod pictures;
mod rules;

/// Text as an order may bring it: right-to-left, emoji, combining marks, controls; cleaned as at the edge.
fn hostile(text: &str) -> String {
    Clean::text(&format!(
        "{text} \u{1b}[31mשלום\u{202e} 👩‍👩‍👧 漢字カップ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L ﷽\u{7}\tend {}",
        "x".repeat(60)
    ))
}

/// The same desk with hostile texts everywhere.
fn poisoned(mut desk: Desk) -> Desk {
    for line in &mut desk.detail.order.channel.lines {
        line.title = hostile(&line.title);
    }
    for product in &mut desk.detail.products {
        product.title = hostile(&product.title);
    }
    for (place, order) in desk.orders.iter_mut().enumerate() {
        if place % 2 == 1 {
            order.title = hostile(&order.title);
        }
        order.badges.truncate(place % 5);
        order.trouble = place == 3;
        order.label = (place == 2).then_some(LabelState::VoidUnknown);
    }
    desk.lists[1].name = hostile("Weekend");
    if let Some(customer) = &mut desk.customer {
        customer.recipient.name = hostile(&customer.recipient.name.clone());
        customer.recipient.company = hostile("Company");
        customer.gift_messages = vec![("L1".to_owned(), hostile("Happy birthday"))];
    }
    let customer = Ok(desk.customer.clone());
    desk.send(Message::CustomerOpened {
        order: desk.detail.order.id,
        customer,
    });
    desk.detail.history[0].what = hostile("picked");
    desk.status.health.unreachable_since = Some(at("2026-11-23T13:35:00Z"));
    desk.status.waiting.purchases = 2;
    desk.status.waiting.unknown = 1;
    desk.status.prints = vec![PrintJobRow {
        id: PrintJobId(1),
        label: crate::app::fixtures::label(LabelState::Bought).id,
        number: "111-0000001-0000001".into(),
        station: StationId::from("bench-1"),
        state: PrintState::Failed,
        copy: 1,
        reason: Some(hostile("out of paper")),
    }];
    desk.changed();
    desk
}

fn render(state: &State, theme: &Theme, columns: u16, rows: u16) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test backend");
    terminal.draw(|frame| draw(state, theme, frame)).expect("drawn");
    terminal
}

fn snapshot(name: &str, desk: &Desk) {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let terminal = render(&desk.state, &Theme::standard(), columns, rows);
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), terminal.backend());
    }
}

fn on_rates() -> Desk {
    let mut desk = Desk::packed();
    desk.press(Key::Function(5));
    let mut offers = rates();
    offers[0].service = "UPS Ground 漢字 with a name that is a good deal longer than any column".to_owned();
    desk.answer_quote(offers);
    poisoned(desk)
}

fn select(desk: &mut Desk, id: &str) {
    let bench = desk.state.bench.as_mut().expect("an order");
    bench.selected_offer = bench
        .offers
        .iter()
        .position(|offer| offer.rate.id == id)
        .expect("offered");
}

/// An order in several boxes.
fn in_boxes() -> Vec<(&'static str, Desk)> {
    let pack = |codes: &[&str]| {
        let mut desk = Desk::packing();
        for code in codes {
            desk.scan(code);
        }
        poisoned(desk)
    };
    let mut boxes = pack(&[MUG, "TGC-NEXT", MUG, WATCH, &az('B')]);
    boxes.scan("TGC-BOXES");
    vec![
        ("pack-second-box", pack(&[MUG, "TGC-NEXT", MUG])),
        ("boxes", boxes),
    ]
}

/// A scale at the bench, and the board while Amazon is away.
fn in_an_outage() -> Vec<(&'static str, Desk)> {
    let weighed = |text: &str| {
        let mut desk = Desk::packing();
        for code in [MUG, MUG, WATCH, &az('B')] {
            desk.scan(code);
        }
        let weight = Weight::parse(text).expect("a weight");
        desk.send(Message::Scale(ScaleView::Weight(weight)));
        desk
    };
    let mut dialog = weighed("1 lb 4 oz");
    dialog.press(Key::Function(2));
    let mut far = weighed("9 lb");
    far.press(Key::Enter);
    let row = |waits, ship_by: &str, why: Option<String>| BoardRow {
        order: crate::domain::ids::OrderId(1),
        number: NUMBER.into(),
        box_number: 2,
        waits,
        method: hostile("UPS Ground"),
        price: usd(1018),
        since: at("2026-11-23T13:35:00Z"),
        ship_by: Some(at(ship_by)),
        why,
    };
    let mut board = poisoned(Desk::signed_in());
    board.board = vec![
        row(Waits::Settling, "2026-11-24T04:59:00Z", Some(hostile("time-out"))),
        row(Waits::Buying, "2026-11-23T15:00:00Z", None),
        row(Waits::Voiding, "2026-11-24T04:59:00Z", None),
    ];
    board.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('w'))
    }));
    vec![
        ("pack-scale", weighed("1 lb 4 oz")),
        ("weight-scale", dialog),
        ("pack-far-weight", far),
        ("board", board),
    ]
}

/// Labels onto boxes, methods, several boxes, the scale and the board.
fn of_boxes_and_methods() -> Vec<(&'static str, Desk)> {
    let mut all = onto_boxes();
    all.extend(methods::gallery());
    all.extend(manifest::gallery());
    all.extend(in_boxes());
    all.extend(in_an_outage());
    all
}

/// Every screen and dialog by name.
fn gallery() -> Vec<(&'static str, Desk)> {
    let mut all = vec![
        ("sign-in", poisoned(Desk::new())),
        ("pick-lists", poisoned(Desk::signed_in())),
    ];
    let orders = || {
        let mut desk = poisoned(Desk::signed_in());
        desk.press(Key::Enter);
        desk
    };
    all.push(("orders", orders()));
    all.extend(lists::gallery());
    all.extend(desk::gallery());
    let mut desk = orders();
    desk.control('o');
    all.push(("hold", desk));

    let pack = |codes: &[&str]| {
        let mut desk = Desk::packing();
        for code in codes {
            desk.scan(code);
        }
        poisoned(desk)
    };
    all.push(("pack-plain", {
        let mut desk = Desk::packing();
        desk.scan(MUG);
        desk
    }));
    all.push(("pack", pack(&[MUG])));
    all.push(("pack-code-due", pack(&[MUG, MUG, WATCH])));
    let mut desk = pack(&[MUG]);
    desk.scan(MUG);
    desk.scan(MUG);
    all.push(("pack-refused", desk));
    let mut desk = pack(&[WATCH]);
    desk.press(Key::Function(6));
    desk.scan("sticker is torn off");
    all.push(("override", desk));
    let mut desk = pack(&[]);
    desk.detail.order.flags = vec![Flag::AddressChanged, Flag::CancelRequested];
    desk.changed();
    all.push(("pack-flags", desk));
    let mut desk = pack(&[]);
    desk.detail.order.flags = vec![Flag::AddressChanged, Flag::CancelRequested];
    desk.changed();
    desk.control('g');
    all.push(("flags", desk));
    all.push(("pack-done", pack(&[MUG, MUG, WATCH, &az('B')])));
    for (name, key) in [("weight", 2), ("size", 3), ("confirmation", 4), ("help", 1)] {
        let mut desk = pack(&[MUG]);
        desk.press(Key::Function(key));
        all.push((name, desk));
    }
    let mut desk = Desk::signed_in();
    desk.refusal = Some(crate::app::fixtures::taken_over());
    desk.scan(crate::app::fixtures::NUMBER);
    all.push(("take-over", poisoned(desk)));

    all.push(("rates", on_rates()));
    let mut desk = on_rates();
    select(&mut desk, "SAT");
    all.push(("rates-red", desk));
    let mut desk = on_rates();
    desk.press(Key::Function(10));
    all.push(("buy", desk));
    let mut desk = on_rates();
    select(&mut desk, "SAT");
    desk.press(Key::Function(10));
    desk.scan("buyer is open on Saturday");
    all.push(("buy-red", desk));
    let mut desk = on_rates();
    desk.control('w');
    all.push(("why-not", desk));

    for (name, state) in [
        ("label-wanted", LabelState::Wanted),
        ("label-bought", LabelState::Bought),
        ("label-unknown", LabelState::Unknown),
        ("label-printed", LabelState::Printed),
        ("label-void-refused", LabelState::VoidRefused),
    ] {
        let mut desk = Desk::labelled(state);
        desk.detail.labels[0].reason = state.is_trouble().then(|| hostile("the connection broke"));
        all.push((name, poisoned(desk)));
    }
    let mut desk = poisoned(Desk::labelled(LabelState::Printed));
    desk.press(Key::Function(8));
    all.push(("void", desk));
    all.extend(pictures::gallery());
    all.extend(of_boxes_and_methods());
    let mut desk = poisoned(Desk::labelled(LabelState::Wanted));
    desk.press(Key::Function(8));
    all.push(("withdraw", desk));
    let mut desk = poisoned(Desk::labelled(LabelState::Unknown));
    desk.scan("TGU-sam");
    desk.control('e');
    desk.scan("tracking 9400111899223197428499");
    all.push(("decide", desk));
    let mut desk = poisoned(Desk::signed_in());
    desk.control('q');
    all.push(("quit", desk));
    all.extend(about_quotes().into_iter().chain(after_voids()).chain(elsewhere()));
    all
}

/// A label that must be scanned onto its box: asked for, refused, done.
fn onto_boxes() -> Vec<(&'static str, Desk)> {
    let due = || {
        let mut desk = Desk::labelled(LabelState::Printed);
        desk.detail.labels[0].onto_box = OntoBox::Due;
        desk.detail.order.status = crate::domain::status::OrderStatus::ReadyForPickup;
        desk.status.waiting.onto_box = 1;
        desk.changed();
        desk
    };
    let mut not_done = due();
    not_done.press(Key::Enter);
    let mut wrong = due();
    wrong.scan("1Z5R89390357567127");
    let mut done = due();
    done.scan("1Z999AA10123456784");
    vec![
        ("label-due", poisoned(due())),
        ("label-due-not-done", not_done),
        ("label-due-wrong", wrong),
        ("label-on-its-box", done),
    ]
}

/// Who did what, and a PIN that is being typed.
fn people() -> Vec<(&'static str, Desk)> {
    let mut log = Desk::signed_in();
    log.control('y');
    let mut pin = Desk::new();
    pin.change_person("Sam", |sam| sam.has_pin = true);
    pin.scan("TGU-sam");
    pin.state.line = "4938".to_owned();
    vec![("audit", log), ("pin", pin)]
}

/// Orders that are found, notes, canceling, many at once.
fn found_and_noted() -> Vec<(&'static str, Desk)> {
    let mut all = Vec::new();
    let alt = |mut desk: Desk, letter: char| {
        desk.send(Message::Key(crate::app::message::KeyPress {
            key: Key::Char(letter),
            control: false,
            alt: true,
            shift: false,
        }));
        desk
    };
    let mut desk = poisoned(Desk::packing());
    desk.detail.order.flags = vec![Flag::AddressTrouble(
        crate::domain::address::AddressFault::NoStreet,
    )];
    desk.changed();
    let notes = ["ring twice", "leave it at the pier"].map(|text| crate::domain::note::Note {
        at: at("2026-11-23T13:00:00Z"),
        by: "Sam".to_owned(),
        text: crate::domain::note::NoteText(hostile(text)),
    });
    let order = desk.detail.order.id;
    desk.send(Message::NotesOpened {
        order,
        notes: Ok(notes.to_vec()),
    });
    all.push(("pack-notes", desk));
    let mut desk = alt(poisoned(Desk::packing()), 'n');
    desk.scan("call the buyer before noon, please");
    all.push(("note", desk));
    let mut desk = poisoned(Desk::signed_in());
    desk.state.setup.stores = vec![crate::app::fixtures::store_profile()];
    desk.press(Key::Enter);
    desk.scan("TGU-sam");
    all.push(("cancel-order", alt(desk, 'x')));
    let mut desk = poisoned(Desk::signed_in());
    desk.scan("TGU-sam");
    desk.orders = (1..=700).map(crate::app::fixtures::order_row).collect();
    desk.control('f');
    desk.scan("badge:prime");
    all.push(("change-many", alt(desk, 'd')));
    let find = |words: &str| {
        let mut desk = Desk::signed_in();
        desk.control('f');
        for letter in words.chars() {
            desk.press(Key::Char(letter));
        }
        desk
    };
    all.push(("find", find("")));
    all.push(("find-filter", find("status:")));
    all.push(("find-fault", find("cost:dear mug")));
    let mut desk = find("kowalski badge:prime");
    desk.names_known = false;
    desk.press(Key::Enter);
    all.push(("find-names", poisoned(desk)));
    all
}

/// Voids of an order in two boxes, refunds, labels without a carrier scan.
fn after_voids() -> Vec<(&'static str, Desk)> {
    let mut all = found_and_noted();
    let mut desk = poisoned(Desk::labelled(LabelState::Printed));
    desk.press(Key::Function(8));
    desk.scan("1Z999AA10123456784");
    all.push(("void-scanned", desk));
    let mut desk = Desk::labelled(LabelState::Printed);
    let second = crate::app::fixtures::other_label(LabelState::Printed, 8);
    let mut parcel = desk.detail.boxes[0].clone();
    (parcel.id, parcel.number) = (second.box_id, 2);
    desk.detail.boxes.push(parcel);
    desk.detail.labels.push(second);
    let mut desk = poisoned(desk);
    desk.control('p');
    desk.scan("1Z999AA10123456784");
    all.push(("void-order", desk));
    let refunds = || {
        let mut desk = poisoned(Desk::signed_in());
        desk.refunds[2].service = hostile("UPS Ground");
        desk.unmoved[0].service = hostile("UPS Ground");
        desk.scan("TGU-sam");
        desk.control('r');
        desk
    };
    all.push(("refunds", refunds()));
    all.extend(people());
    let mut desk = refunds();
    desk.control('b');
    desk.scan("7.61");
    all.push(("book", desk));
    let mut desk = refunds();
    desk.control('r');
    all.push(("unmoved", desk));
    for (name, state) in [
        ("label-both-paid", LabelState::RefundPending),
        ("label-two-paid", LabelState::RefundRejected),
    ] {
        let mut desk = Desk::labelled(LabelState::Printed);
        let mut old = crate::app::fixtures::other_label(state, 7);
        old.aftermath = Some(aftermath("2026-11-22T09:00:00Z", Some("2026-11-22T10:00:00Z")));
        desk.detail.labels[0].aftermath = Some(aftermath("2026-11-12T09:00:00Z", None));
        desk.detail.labels.push(old);
        all.push((name, poisoned(desk)));
    }
    all
}

/// Rates with everything that a quote can say, and the dialogs about them.
fn about_quotes() -> Vec<(&'static str, Desk)> {
    let mut all = vec![("rates-details", Desk::telling())];
    let mut desk = Desk::telling();
    desk.control('w');
    all.push(("why-not-groups", desk));
    let mut desk = Desk::telling();
    desk.now += chrono::TimeDelta::minutes(10);
    desk.press(Key::Function(10));
    let mut dearer = crate::app::fixtures::telling_rates();
    dearer[0].total.minor += 128;
    desk.answer_quote(dearer);
    all.push(("buy-price-rose", desk));
    let mut desk = Desk::telling();
    select(&mut desk, "INTL");
    desk.press(Key::Function(10));
    all.push(("inputs", desk));
    let mut desk = Desk::telling();
    select(&mut desk, "INTL");
    desk.press(Key::Function(10));
    desk.press(Key::Enter);
    desk.scan("12");
    all.push(("inputs-wrong", desk));
    let mut desk = Desk::packed();
    desk.detail.order.channel.confirmation_floor = Some(crate::domain::rate::Confirmation::Signature);
    desk.changed();
    desk.press(Key::Function(4));
    all.push(("confirmation-floor", desk));
    let mut desk = Desk::signed_in();
    desk.state.setup.stores = vec![crate::app::fixtures::store_profile()];
    desk.costs = crate::app::fixtures::money_facts();
    desk.control('t');
    all.push(("costs", desk));
    all
}

/// A label that was bought elsewhere.
fn elsewhere() -> Vec<(&'static str, Desk)> {
    let form = |texts: &[&str]| {
        let mut desk = Desk::packed();
        desk.detail.order.channel.programs.prime = true;
        desk.changed();
        desk.control('l');
        for text in texts {
            desk.scan(text);
        }
        desk
    };
    let mut bought = Desk::labelled(LabelState::Bought);
    let label = &mut bought.detail.labels[0];
    label.via = LabelVia::Outside;
    label.document = None;
    let told = crate::app::fixtures::told(label, ConfirmationState::Refused);
    bought.detail.confirmations = vec![told];
    let mut own = Desk::signed_in();
    own.state.setup.stores = vec![crate::app::fixtures::own_store()];
    own.control('k');
    for text in [
        "W-1001",
        "Marguerite Canary",
        "Canary Ltd",
        "7 Quillfeather Row",
        "Flat 2",
        "Columbus",
    ] {
        own.scan(text);
    }
    let mut last = Desk::signed_in();
    last.state.setup.stores = vec![crate::app::fixtures::own_store()];
    last.control('k');
    for _ in 0..19 {
        last.press(crate::app::message::Key::Down);
    }
    vec![
        ("own-order", own),
        ("own-order-end", last),
        ("outside-empty", form(&[])),
        ("outside", form(&["1Z5R89390357567127", "Ground"])),
        ("outside-unverified", form(&["DHL", "Express", "JD0146000036"])),
        ("label-outside", poisoned(bought)),
    ]
}

#[test]
fn every_screen_and_dialog() {
    for (name, desk) in gallery() {
        snapshot(name, &desk);
    }
}
