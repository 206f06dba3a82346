//! `getRates`: what Amazon offers for a box, in the domain's words (amazon.md 3.4 to 3.6).

use super::{inputs, request};
use crate::amazon::body::Answer;
use crate::amazon::client::{SellerClient, path};
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::wire::{Amount, Digits, Many, Maybe, Moment, Opaque, Text, Truth, present, texts};
use crate::domain::customer::CustomerData;
use crate::domain::ids::OrderNumber;
use crate::domain::order::Window;
use crate::domain::rate::inputs::{InputField, InputValues};
use crate::domain::rate::{
    AddedService, AddedServiceGroup, DocumentOption, ExcludedBenefit, Ineligible, Payment, PurchaseChoice,
    QuoteAnswer, QuoteRequest, Rate, RateItem,
};
use crate::domain::sealed::RequestBytes;
use crate::domain::seller::DocumentFormat;
use reqwest::Method;
use serde::Deserialize;

#[derive(Deserialize)]
struct GetRatesResponse {
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    request_token: Opaque,
    rates: Many<Maybe<WireRate>>,
    #[serde(default)]
    ineligible_rates: Many<Maybe<WireIneligible>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct WireRate {
    rate_id: Opaque,
    carrier_id: Text,
    carrier_name: Text,
    service_id: Text,
    service_name: Text,
    total_charge: Maybe<Amount>,
    promise: Maybe<WirePromise>,
    supported_document_specifications: Many<Maybe<WireSpecification>>,
    available_value_added_service_groups: Many<Maybe<WireGroup>>,
    requires_additional_inputs: Truth,
    rate_item_list: Many<Maybe<WireRateItem>>,
    payment_type: Text,
    benefits: Maybe<WireBenefits>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePromise {
    delivery_window: Maybe<WireWindow>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireWindow {
    start: Moment,
    end: Moment,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireSpecification {
    format: Text,
    size: Maybe<WireSize>,
    print_options: Many<Maybe<WirePrintOption>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireSize {
    width: Digits,
    length: Digits,
    unit: Opaque,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WirePrintOption {
    #[serde(rename = "supportedDPIs")]
    dpis: Many<Digits>,
    supported_page_layouts: Many<Opaque>,
    supported_file_joining_options: Many<Truth>,
    supported_document_details: Many<Maybe<WireDocument>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireDocument {
    name: Opaque,
    is_mandatory: Truth,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireGroup {
    group_id: Opaque,
    is_required: Truth,
    value_added_services: Many<Maybe<WireService>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireService {
    id: Opaque,
    name: Text,
    cost: Maybe<Amount>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireRateItem {
    #[serde(rename = "rateItemID")]
    id: Text,
    #[serde(rename = "rateItemCharge")]
    charge: Maybe<Amount>,
    #[serde(rename = "rateItemNameLocalization")]
    name: Text,
    #[serde(rename = "rateItemType")]
    kind: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireBenefits {
    included_benefits: Many<Text>,
    excluded_benefits: Many<Maybe<WireExcluded>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireExcluded {
    benefit: Text,
    reason_codes: Many<Text>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireIneligible {
    carrier_name: Text,
    service_name: Text,
    ineligibility_reasons: Many<Maybe<WireReason>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireReason {
    code: Text,
    message: Text,
}

impl SellerClient {
    /// Asks for rates for a box of the order. Free; buys nothing. The answer sells for 10 minutes from
    /// `asked_at`, the moment of asking.
    pub async fn get_rates(
        &self,
        request: &QuoteRequest,
        order: &OrderNumber,
    ) -> Result<QuoteAnswer, CallError> {
        let body = serde_json::to_vec(&request::rates(&self.profile, request, order))
            .expect("text and digits are JSON");
        self.ask_rates(body).await
    }

    /// Asks for rates for a box of an order that is not Amazon's (channel EXTERNAL): its address goes along, opened
    /// for this request alone and never logged or kept.
    pub async fn get_external_rates(
        &self,
        request: &QuoteRequest,
        customer: &CustomerData,
    ) -> Result<QuoteAnswer, CallError> {
        let no_order = OrderNumber(String::new());
        let body = request::external_rates(&self.profile, request, &no_order, customer);
        let body = serde_json::to_vec(&body).expect("text and digits are JSON");
        self.ask_rates(body).await
    }

    async fn ask_rates(&self, body: Vec<u8>) -> Result<QuoteAnswer, CallError> {
        let operation = Operation::GetRates;
        let url = path(&self.base, &["shipping", "v2", "shipments", "rates"]);
        let asked_at = self.clock.now();
        let answer = self.ask(operation, Method::POST, url, Some(body)).await?;
        let Offers {
            request_token,
            rates,
            ineligible,
        } = offers(&answer)?;
        Ok(QuoteAnswer {
            request_token,
            rates,
            ineligible,
            unaccepted: Vec::new(),
            unavailable: Vec::new(),
            asked_at,
            ship_from: self.profile.ship_from.digest(),
            via: crate::domain::seller::LabelVia::ShippingV2,
        })
    }

    /// Whether the store still ships from where a quote was asked with.
    pub fn ships_from(&self, digest: &str) -> bool {
        self.profile.ship_from.digest() == digest
    }

    /// The exact body of a purchase, to be stored before it is sent. The token is the quote's `request_token`.
    pub fn purchase_body(&self, choice: &PurchaseChoice, request_token: &str) -> RequestBytes {
        self.purchase_body_with(choice, request_token, &[], &InputValues::default())
    }

    /// As [`SellerClient::purchase_body`], with answers to what the rate asks for besides the box.
    pub fn purchase_body_with(
        &self,
        choice: &PurchaseChoice,
        request_token: &str,
        fields: &[InputField],
        values: &InputValues,
    ) -> RequestBytes {
        let body = request::purchase(choice, request_token, inputs::object_of(fields, values));
        RequestBytes(serde_json::to_vec(&body).expect("text and digits are JSON"))
    }
}

/// What an answer offers.
pub(in crate::amazon) struct Offers {
    pub(in crate::amazon) request_token: String,
    pub(in crate::amazon) rates: Vec<Rate>,
    pub(in crate::amazon) ineligible: Vec<Ineligible>,
}

/// Reads the answer of `getRates`.
pub(in crate::amazon) fn offers(answer: &Answer) -> Result<Offers, CallError> {
    let operation = Operation::GetRates.name();
    let payload = answer.read::<GetRatesResponse>(operation)?.payload;
    if payload.request_token.0.is_empty() {
        return Err(answer.garbled(operation, "without a request token"));
    }
    let mut ineligible: Vec<_> = present(payload.ineligible_rates)
        .map(WireIneligible::plain)
        .collect();
    let mut rates = Vec::new();
    for rate in present(payload.rates) {
        match rate.plain() {
            Ok(rate) => rates.push(rate),
            Err(unreadable) => ineligible.push(unreadable),
        }
    }
    Ok(Offers {
        request_token: payload.request_token.0,
        rates,
        ineligible,
    })
}

fn money(amount: Maybe<Amount>) -> Option<crate::domain::money::Money> {
    amount.0.and_then(|amount| amount.money())
}

impl WirePromise {
    /// The delivery window; none where neither end is given.
    pub(super) fn window(self) -> Option<Window> {
        let WireWindow { start, end } = self.delivery_window.or_empty();
        (start.0.is_some() || end.0.is_some()).then_some(Window {
            earliest: start.0,
            latest: end.0,
        })
    }
}

impl WireRate {
    /// An offer that cannot be bought as it came (no id, no price) is shown among those not offered.
    fn plain(self) -> Result<Rate, Ineligible> {
        let total = money(self.total_charge);
        let (Some(total), false) = (total, self.rate_id.0.is_empty()) else {
            let what = if total.is_none() { "price" } else { "id" };
            return Err(Ineligible {
                carrier: self.carrier_name.0,
                service: self.service_name.0,
                reasons: vec![(
                    String::new(),
                    format!("Amazon's offer has no {what} that can be read"),
                )],
            });
        };
        let benefits = self.benefits.or_empty();
        Ok(Rate {
            id: self.rate_id.0,
            carrier_id: self.carrier_id.0,
            carrier: self.carrier_name.0,
            service_id: self.service_id.0,
            service: self.service_name.0,
            total,
            window: self.promise.or_empty().window(),
            benefits: texts(benefits.included_benefits),
            excluded: present(benefits.excluded_benefits)
                .map(|lost| ExcludedBenefit {
                    benefit: lost.benefit.0,
                    reasons: texts(lost.reason_codes),
                })
                .collect(),
            items: present(self.rate_item_list)
                .map(|item| RateItem {
                    id: item.id.0,
                    charge: money(item.charge),
                    name: item.name.0,
                    kind: item.kind.0,
                })
                .collect(),
            payment: match self.payment_type.0.as_str() {
                "PAY_THROUGH_AMAZON" => Payment::ThroughAmazon,
                "PAY_DIRECT_TO_CARRIER" => Payment::DirectToCarrier,
                other => Payment::Unknown(other.to_owned()),
            },
            groups: present(self.available_value_added_service_groups)
                .map(WireGroup::plain)
                .collect(),
            documents: present(self.supported_document_specifications)
                .flat_map(WireSpecification::plain)
                .collect(),
            needs_inputs: self.requires_additional_inputs.0.unwrap_or(false),
            inputs: None,
        })
    }
}

impl WireGroup {
    fn plain(self) -> AddedServiceGroup {
        AddedServiceGroup {
            id: self.group_id.0,
            required: self.is_required.0.unwrap_or(false),
            services: present(self.value_added_services)
                .filter(|service| !service.id.0.is_empty())
                .map(|service| AddedService {
                    id: service.id.0,
                    name: service.name.0,
                    cost: money(service.cost),
                })
                .collect(),
        }
    }
}

impl WireSpecification {
    /// One option for each way to print; none for a format that we do not know.
    fn plain(self) -> Vec<DocumentOption> {
        let size = self.size.or_empty();
        let (Some(format), Some(width), Some(length)) = (
            format(&self.format.0),
            size.width.thousandths(),
            size.length.thousandths(),
        ) else {
            return Vec::new();
        };
        present(self.print_options)
            .map(|option| DocumentOption {
                format,
                width,
                length,
                unit: size.unit.0.clone(),
                dpis: option
                    .dpis
                    .0
                    .iter()
                    .filter_map(|dpi| u32::try_from(dpi.whole()?).ok())
                    .collect(),
                layouts: option
                    .supported_page_layouts
                    .0
                    .into_iter()
                    .map(|layout| layout.0)
                    .filter(|layout| !layout.is_empty())
                    .collect(),
                joining: option
                    .supported_file_joining_options
                    .0
                    .iter()
                    .filter_map(|truth| truth.0)
                    .collect(),
                documents: present(option.supported_document_details)
                    .filter(|document| !document.name.0.is_empty())
                    .map(|document| (document.name.0, document.is_mandatory.0.unwrap_or(false)))
                    .collect(),
            })
            .collect()
    }
}

impl WireIneligible {
    fn plain(self) -> Ineligible {
        Ineligible {
            carrier: self.carrier_name.0,
            service: self.service_name.0,
            reasons: present(self.ineligibility_reasons)
                .map(|reason| (reason.code.0, reason.message.0))
                .collect(),
        }
    }
}

/// A format that we can print.
pub(super) fn format(name: &str) -> Option<DocumentFormat> {
    match name.to_ascii_uppercase().as_str() {
        "ZPL" => Some(DocumentFormat::Zpl),
        "PNG" => Some(DocumentFormat::Png),
        "PDF" => Some(DocumentFormat::Pdf),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
