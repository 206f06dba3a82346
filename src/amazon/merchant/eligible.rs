//! `getEligibleShipmentServices`: what Amazon offers for a box, in the domain's words (amazon.md 2.7).

#![expect(clippy::struct_field_names, reason = "the names are Amazon's")]

use super::{Amount, request};
use crate::amazon::body::Answer;
use crate::amazon::client::SellerClient;
use crate::amazon::errors::CallError;
use crate::amazon::labels::Extras;
use crate::amazon::limits::Operation;
use crate::amazon::wire::{Many, Maybe, Moment, Opaque, Text, Truth, present, texts};
use crate::domain::ids::OrderNumber;
use crate::domain::money::Money;
use crate::domain::order::Window;
use crate::domain::rate::{
    AddedService, AddedServiceGroup, Confirmation, DocumentOption, ExcludedBenefit, Ineligible, Payment,
    PurchaseChoice, QuoteAnswer, QuoteRequest, Rate, RateItem,
};
use crate::domain::sealed::RequestBytes;
use crate::domain::seller::{DocumentFormat, LabelVia};
use reqwest::Method;
use serde::Deserialize;

/// The one group of an offer: its Delivery Confirmation.
const CONFIRMATION: &str = "DELIVERY_EXPERIENCE";

#[derive(Deserialize)]
struct Response {
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Payload {
    shipping_service_list: Many<Maybe<WireService>>,
    #[serde(default)]
    rejected_shipping_service_list: Many<Maybe<WireRejected>>,
    #[serde(default)]
    temporarily_unavailable_carrier_list: Many<Maybe<WireCarrier>>,
    #[serde(default)]
    terms_and_conditions_not_accepted_carrier_list: Many<Maybe<WireCarrier>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireService {
    shipping_service_name: Text,
    carrier_name: Text,
    shipping_service_id: Text,
    shipping_service_offer_id: Opaque,
    earliest_estimated_delivery_date: Moment,
    latest_estimated_delivery_date: Moment,
    rate: Maybe<Amount>,
    rate_with_adjustments: Maybe<Amount>,
    adjustment_item_list: Many<Maybe<WireAdjustment>>,
    available_shipping_service_options: Maybe<WireOptions>,
    available_label_formats: Many<Text>,
    available_format_options_for_label: Many<Maybe<WireFormatOption>>,
    requires_additional_seller_inputs: Truth,
    benefits: Maybe<WireBenefits>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireAdjustment {
    #[serde(rename = "RateItemID")]
    id: Text,
    #[serde(rename = "RateItemCharge")]
    charge: Maybe<Amount>,
    #[serde(rename = "RateItemNameLocalization")]
    name: Text,
    #[serde(rename = "RateItemType")]
    kind: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireOptions {
    available_delivery_experience_options: Many<Maybe<WireExperience>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireExperience {
    delivery_experience_option: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireFormatOption {
    label_format: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireBenefits {
    included_benefits: Many<Text>,
    excluded_benefits: Many<Maybe<WireExcluded>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireExcluded {
    benefit: Text,
    reason_codes: Many<Text>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireRejected {
    carrier_name: Text,
    shipping_service_name: Text,
    rejection_reason_code: Text,
    rejection_reason_message: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireCarrier {
    carrier_name: Text,
}

/// What an answer offers.
pub(in crate::amazon) struct Eligible {
    pub(in crate::amazon) rates: Vec<Rate>,
    pub(in crate::amazon) ineligible: Vec<Ineligible>,
    pub(in crate::amazon) unaccepted: Vec<String>,
    pub(in crate::amazon) unavailable: Vec<String>,
}

/// Reads the answer of `getEligibleShipmentServices` to a request with this Delivery Confirmation.
pub(in crate::amazon) fn offers(answer: &Answer, confirmation: Confirmation) -> Result<Eligible, CallError> {
    let payload = answer
        .read::<Response>(Operation::GetEligibleShipmentServices.name())?
        .payload;
    let carriers = |list: Many<Maybe<WireCarrier>>| -> Vec<String> {
        let named = present(list).map(|carrier| carrier.carrier_name.0);
        named.filter(|name| !name.is_empty()).collect()
    };
    let unavailable = carriers(payload.temporarily_unavailable_carrier_list);
    let unaccepted = carriers(payload.terms_and_conditions_not_accepted_carrier_list);
    let mut ineligible: Vec<Ineligible> = present(payload.rejected_shipping_service_list)
        .map(WireRejected::plain)
        .collect();
    let mut rates = Vec::new();
    for service in present(payload.shipping_service_list) {
        match service.plain(confirmation) {
            Ok(rate) => rates.push(rate),
            Err(unreadable) => ineligible.push(unreadable),
        }
    }
    Ok(Eligible {
        rates,
        ineligible,
        unaccepted,
        unavailable,
    })
}

impl SellerClient {
    /// Asks for offers for a box of the order, with the Delivery Confirmation that the request names. Free; buys
    /// nothing. Amazon says nothing of how long an offer sells: it is given the life of Shipping v2's.
    pub(in crate::amazon) async fn eligible_services(
        &self,
        request: &QuoteRequest,
        order: &OrderNumber,
    ) -> Result<QuoteAnswer, CallError> {
        let operation = Operation::GetEligibleShipmentServices;
        let body = request::eligible(&self.profile.ship_from, request, order);
        let body = serde_json::to_vec(&body).expect("text and digits are JSON");
        let url = self.merchant_path(&["eligibleShippingServices"]);
        let asked_at = self.clock.now();
        let answer = self.ask(operation, Method::POST, url, Some(body)).await?;
        let Eligible {
            rates,
            ineligible,
            unaccepted,
            unavailable,
        } = offers(&answer, request.confirmation)?;
        Ok(QuoteAnswer {
            request_token: String::new(),
            rates,
            ineligible,
            unaccepted,
            unavailable,
            asked_at,
            ship_from: self.profile.ship_from.digest(),
            via: LabelVia::MerchantFulfillmentV0,
        })
    }

    /// The exact body of a purchase, to be stored before it is sent: what the quote was asked for, word for word.
    /// The error says in the packer's words why there is none.
    pub(in crate::amazon) fn create_body(
        &self,
        request: &QuoteRequest,
        order: &OrderNumber,
        choice: &PurchaseChoice,
        answer: &QuoteAnswer,
        extras: &Extras<'_>,
    ) -> Result<RequestBytes, String> {
        let rate = answer.rates.iter().find(|rate| rate.id == choice.rate_id);
        let rate = rate.ok_or("its rate is not known any more: ask for rates again")?;
        // The offer was made for this one, which the order may have raised above the box's own.
        let asked = choice
            .services
            .iter()
            .find_map(|word| request::confirmation(word))
            .ok_or("its rate names no Delivery Confirmation: ask for rates again")?;
        let from = &self.profile.ship_from;
        let body = request::create(from, request, order, choice, &rate.service_id, asked, extras);
        Ok(RequestBytes(
            serde_json::to_vec(&body).expect("text and digits are JSON"),
        ))
    }
}

impl WireService {
    /// An offer that cannot be bought as it came (no id, no price) is shown among those not offered.
    fn plain(self, asked: Confirmation) -> Result<Rate, Ineligible> {
        let price = money(self.rate_with_adjustments).or_else(|| money(self.rate));
        let (Some(total), false) = (price, self.shipping_service_offer_id.0.is_empty()) else {
            let what = if price.is_none() { "price" } else { "id" };
            return Err(Ineligible {
                carrier: self.carrier_name.0,
                service: self.shipping_service_name.0,
                reasons: vec![(
                    String::new(),
                    format!("Amazon's offer has no {what} that can be read"),
                )],
            });
        };
        let (earliest, latest) = (
            self.earliest_estimated_delivery_date.0,
            self.latest_estimated_delivery_date.0,
        );
        let benefits = self.benefits.or_empty();
        let mut formats = texts(self.available_label_formats);
        formats.extend(present(self.available_format_options_for_label).map(|option| option.label_format.0));
        Ok(Rate {
            id: self.shipping_service_offer_id.0,
            carrier_id: carrier_id(&self.carrier_name.0),
            carrier: self.carrier_name.0,
            service_id: self.shipping_service_id.0,
            service: self.shipping_service_name.0,
            total,
            window: (earliest.is_some() || latest.is_some()).then_some(Window { earliest, latest }),
            benefits: texts(benefits.included_benefits),
            excluded: present(benefits.excluded_benefits)
                .map(|lost| ExcludedBenefit {
                    benefit: lost.benefit.0,
                    reasons: texts(lost.reason_codes),
                })
                .collect(),
            items: present(self.adjustment_item_list)
                .map(|item| RateItem {
                    id: item.id.0,
                    charge: money(item.charge),
                    name: item.name.0,
                    kind: item.kind.0,
                })
                .collect(),
            // Charged to the seller's account with Amazon (amazon.md 2.9).
            payment: Payment::ThroughAmazon,
            groups: vec![confirmations(
                self.available_shipping_service_options.or_empty(),
                asked,
            )],
            documents: documents(&formats),
            needs_inputs: self.requires_additional_seller_inputs.0.unwrap_or(false),
            inputs: None,
        })
    }
}

/// The Delivery Confirmation that was asked for, if the offer has it; its fee is in the price. Another one takes
/// another quote, since a purchase repeats what its quote was asked for.
fn confirmations(options: WireOptions, asked: Confirmation) -> AddedServiceGroup {
    let word = request::experience(asked);
    let offered: Vec<String> = present(options.available_delivery_experience_options)
        .map(|option| option.delivery_experience_option.0)
        .filter(|option| !option.is_empty())
        .collect();
    let has = offered.is_empty() || offered.iter().any(|option| option == word);
    AddedServiceGroup {
        id: CONFIRMATION.to_owned(),
        required: true,
        services: has
            .then(|| AddedService {
                id: word.to_owned(),
                name: asked.to_string(),
                cost: None,
            })
            .into_iter()
            .collect(),
    }
}

/// One option for each language, both resolutions of Zebra's in one. Amazon does not say how large the sheet is.
/// `ShippingServiceDefault` is no promise of anything that this station can print.
fn documents(formats: &[String]) -> Vec<DocumentOption> {
    let mut options: Vec<DocumentOption> = Vec::new();
    for word in formats {
        let (format, dpi) = match word.as_str() {
            "ZPL203" => (DocumentFormat::Zpl, Some(203)),
            "ZPL300" => (DocumentFormat::Zpl, Some(300)),
            "PNG" => (DocumentFormat::Png, None),
            "PDF" => (DocumentFormat::Pdf, None),
            _ => continue,
        };
        let known = options.iter().position(|option| option.format == format);
        let at = known.unwrap_or_else(|| {
            options.push(DocumentOption {
                format,
                width: 0,
                length: 0,
                unit: String::new(),
                dpis: Vec::new(),
                layouts: Vec::new(),
                joining: Vec::new(),
                documents: vec![("LABEL".to_owned(), true)],
            });
            options.len() - 1
        });
        let dpis = &mut options[at].dpis;
        dpis.extend(dpi.filter(|dpi| !dpis.contains(dpi)));
    }
    options
}

impl WireRejected {
    fn plain(self) -> Ineligible {
        let message = if self.rejection_reason_message.0.is_empty() {
            self.rejection_reason_code.0.to_lowercase().replace('_', " ")
        } else {
            self.rejection_reason_message.0
        };
        Ineligible {
            carrier: self.carrier_name.0,
            service: self.shipping_service_name.0,
            reasons: vec![(self.rejection_reason_code.0, message)],
        }
    }
}

fn money(amount: Maybe<Amount>) -> Option<Money> {
    amount.0.and_then(|amount| amount.money())
}

/// This API names carriers and gives no ids: the name in capitals without marks, as Shipping v2's ids are.
fn carrier_id(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(char::to_uppercase)
        .collect()
}
