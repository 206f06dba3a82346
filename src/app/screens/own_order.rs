//! Taking in an order that is not Amazon's by hand.

use crate::app::effect::{Commit, Slot};
use crate::app::forms::{Form, FormKind};
use crate::app::layers::Layer;
use crate::app::state::{Awaited, Setup, State};
use crate::domain::own_order::{ItemDraft, OrderDraft, OwnOrder, currency_of};
use crate::domain::scan::{self, Scan};
use crate::domain::seller::StoreProfile;
use crate::domain::text::Clean;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The fields, by their place.
const FIELDS: [(&str, &str); 21] = [
    ("Store", "the store's id in the configuration"),
    ("Number", "the shop's own number, e.g. W-1001"),
    ("Name", "whom it goes to"),
    ("Company", "may be empty"),
    ("Street", "first line of the address"),
    ("Street 2", "may be empty"),
    ("City", ""),
    ("State", "e.g. OH; may be empty where there are none"),
    ("Postal code", ""),
    ("Country", "ISO code of two letters, e.g. US"),
    ("Phone", "may be empty"),
    ("E-mail", "may be empty"),
    ("Ship by", "2026-11-24; may be empty"),
    ("Deliver by", "2026-11-28; may be empty"),
    ("Service", "in the shop's words; may be empty"),
    ("SKU", "several: MUG; PAN"),
    ("Quantity", "several: 2; 1"),
    (
        "Unit price",
        "12.99; Amazon Shipping wants it; several: 12.99; 20",
    ),
    ("Title", "may be empty; several: Red mug; Pan"),
    ("Business", "yes or no"),
    ("Commercial", "yes or no: a commercial address"),
];

/// The columns by which faults name fields, in the fields' places.
const COLUMNS: [&str; 21] = [
    "store",
    "number",
    "name",
    "company",
    "line1",
    "line2",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "email",
    "ship_by",
    "deliver_by",
    "service_level",
    "sku",
    "quantity",
    "unit_price",
    "title",
    "business",
    "commercial",
];

fn value(form: &Form, column: &str) -> String {
    let place = COLUMNS.iter().position(|known| *known == column);
    place.map_or_else(String::new, |place| form.value(place).to_owned())
}

/// Items: SKUs, quantities, prices and titles separated by semicolons, each in the same order.
fn items(form: &Form) -> Vec<ItemDraft> {
    let parts = |column| {
        let text = value(form, column);
        text.split(';')
            .map(|part| part.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let (quantities, prices, titles) = (parts("quantity"), parts("unit_price"), parts("title"));
    let at = |parts: &[String], place: usize| parts.get(place).cloned().unwrap_or_default();
    let skus = parts("sku").into_iter().filter(|sku| !sku.is_empty());
    skus.enumerate()
        .map(|(place, sku)| ItemDraft {
            sku,
            title: at(&titles, place),
            quantity: at(&quantities, place),
            unit_price: at(&prices, place),
        })
        .collect()
}

/// The stores whose orders are placed elsewhere.
pub(crate) fn own_stores(setup: &Setup) -> impl Iterator<Item = &StoreProfile> {
    setup.stores.iter().filter(|store| !store.kind.is_amazon())
}

/// Reads the form, or says what is missing or wrong, in words.
pub fn read_form(form: &Form, setup: &Setup, now: DateTime<Utc>) -> Result<OwnOrder, String> {
    let id = value(form, "store");
    let store = own_stores(setup)
        .find(|store| store.id.as_str() == id.trim())
        .ok_or("Store: name a store whose orders come from elsewhere")?;
    let of = |column| value(form, column);
    let draft = OrderDraft {
        number: of("number"),
        name: of("name"),
        company: of("company"),
        line1: of("line1"),
        line2: of("line2"),
        line3: String::new(),
        city: of("city"),
        state: of("state"),
        postal_code: of("postal_code"),
        country: of("country"),
        phone: of("phone"),
        email: of("email"),
        po_number: String::new(),
        ship_by: of("ship_by"),
        deliver_by: of("deliver_by"),
        service_level: of("service_level"),
        business: of("business"),
        commercial: of("commercial"),
        items: items(form),
    };
    let zone: Tz = store.ship_from.zone.parse().unwrap_or(Tz::UTC);
    let currency = currency_of(&store.ship_from.country);
    draft.check(&store.id, zone, currency, now).map_err(|fault| {
        let place = COLUMNS.iter().position(|column| *column == fault.field);
        let name = place
            .and_then(|place| FIELDS.get(place))
            .map_or(fault.field, |(name, _)| name);
        format!("{name}: {}", fault.words)
    })
}

impl State {
    /// Opens the form.
    pub(crate) fn add_order(&mut self) {
        let mut form = Form::new(FormKind::OwnOrder, &FIELDS);
        if let Some(first) = own_stores(&self.setup).next() {
            form.set(0, first.id.as_str());
            form.selected = 1;
        }
        self.layers.push(Layer::Form(Box::new(form)));
    }

    /// What was typed for the form. The station's own codes stay scans.
    pub(crate) fn typed_into_own_order(&mut self, text: &str) -> bool {
        let taken = matches!(
            scan::classify(text),
            Ok(Scan::Code(_)
                | Scan::Tracking(_)
                | Scan::Order(_)
                | Scan::Transparency(_)
                | Scan::DamagedTransparency(_))
        );
        let Some(Layer::Form(form)) = self.layers.last_mut() else {
            return false;
        };
        if taken && !form.sent {
            form.fill(&Clean::bounded(text, 200));
        }
        taken
    }

    pub(crate) fn take_order_in(&mut self) {
        let Some(Layer::Form(form)) = self.layers.last() else {
            return;
        };
        match read_form(form, &self.setup, self.now) {
            Ok(order) => {
                if let Some(Layer::Form(form)) = self.layers.last_mut() {
                    form.sent = true;
                }
                self.commit(Commit::TakeOrderIn(Box::new(order)), Awaited::Form);
            }
            Err(words) => self.bad(format!("not taken in: {words}")),
        }
    }

    /// The store took the order in.
    pub(crate) fn order_taken_in(&mut self) {
        self.layers.pop();
        self.good("the order is taken in");
        self.read_shown_orders();
        self.read_again(Slot::PickLists);
    }
}
