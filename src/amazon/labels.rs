//! One interface to Amazon's two label APIs: the same questions and the same answers, whichever sells. Who buys,
//! voids or looks a label up asks a [`LabelDesk`] and need not know which API stands behind it.

use super::client::SellerClient;
use super::errors::CallError;
use super::limits::Operation;
use super::merchant;
use crate::domain::ids::{IntentId, LineId, OrderNumber, ShipmentId, Sku};
use crate::domain::intent::{BoughtAnswer, VoidWire, WireAnswer};
use crate::domain::merchant::MerchantShipment;
use crate::domain::order::OrderLine;
use crate::domain::rate::inputs::{InputField, InputValues};
use crate::domain::rate::{PurchaseChoice, QuoteAnswer, QuoteRequest, Rate};
use crate::domain::sealed::RequestBytes;
use crate::domain::seller::LabelVia;

#[derive(Debug, Clone, Copy)]
enum Api {
    ShippingV2,
    MerchantV0,
}

/// What a purchase carries besides the rate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// What the rate asks for besides the box.
    pub fields: &'a [InputField],
    /// The answers to that; none where nothing was asked.
    pub inputs: Option<&'a InputValues>,
    /// Products of the order's lines: Merchant Fulfillment asks some details for each product.
    pub skus: &'a [(LineId, Sku)],
    /// A short text that Amazon prints on the label, where it can (`CustomTextForLabel`).
    pub label_text: Option<&'a str>,
}

impl Extras<'_> {
    /// The field's answer, if any.
    pub(super) fn answer(&self, field: &InputField) -> Option<&str> {
        self.inputs?.get(field)
    }
}

/// Whose label a purchase is, so that another box's answer is noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxName {
    /// `{order}-{box number}`, as Shipping v2 repeats it.
    pub reference: String,
    /// Amazon's number of the order, as Merchant Fulfillment repeats it.
    pub number: OrderNumber,
}

/// One of Amazon's label APIs, for one shop.
#[derive(Debug, Clone, Copy)]
pub struct LabelDesk<'a> {
    client: &'a SellerClient,
    api: Api,
}

impl SellerClient {
    /// The API that sells labels of this kind; none for those that are bought elsewhere.
    pub fn labels(&self, via: LabelVia) -> Option<LabelDesk<'_>> {
        let api = match via {
            LabelVia::ShippingV2 => Api::ShippingV2,
            LabelVia::MerchantFulfillmentV0 => Api::MerchantV0,
            LabelVia::Outside => return None,
        };
        Some(LabelDesk { client: self, api })
    }
}

impl LabelDesk<'_> {
    /// Asks for rates for a box of the order. Free; buys nothing.
    pub async fn quote(&self, request: &QuoteRequest, order: &OrderNumber) -> Result<QuoteAnswer, CallError> {
        match self.api {
            Api::ShippingV2 => self.client.get_rates(request, order).await,
            Api::MerchantV0 => self.client.eligible_services(request, order).await,
        }
    }

    /// The exact body of a purchase, to be stored before it is sent. The error says in the packer's words why there
    /// is none.
    pub fn purchase_body(
        &self,
        request: &QuoteRequest,
        order: &OrderNumber,
        choice: &PurchaseChoice,
        answer: &QuoteAnswer,
        extras: &Extras<'_>,
    ) -> Result<RequestBytes, String> {
        match self.api {
            Api::ShippingV2 => {
                let none = InputValues::default();
                let values = extras.inputs.unwrap_or(&none);
                let token = &answer.request_token;
                Ok(self
                    .client
                    .purchase_body_with(choice, token, extras.fields, values))
            }
            Api::MerchantV0 => self.client.create_body(request, order, choice, answer, extras),
        }
    }

    /// What a rate asks for besides the box. Free. Details of single products are named by their SKU.
    pub async fn inputs(
        &self,
        rate: &Rate,
        request_token: &str,
        order: &OrderNumber,
        lines: &[OrderLine],
    ) -> Result<Vec<InputField>, CallError> {
        match self.api {
            Api::ShippingV2 => self.client.additional_inputs(request_token, &rate.id).await,
            Api::MerchantV0 => {
                let asked = self.client.seller_inputs(&rate.service_id, order).await?;
                Ok(merchant::by_sku(asked, lines))
            }
        }
    }

    /// The operation that asks for rates: its bucket.
    pub fn quoting(&self) -> Operation {
        match self.api {
            Api::ShippingV2 => Operation::GetRates,
            Api::MerchantV0 => Operation::GetEligibleShipmentServices,
        }
    }

    /// The operation that buys: its bucket.
    pub fn buying(&self) -> Operation {
        match self.api {
            Api::ShippingV2 => Operation::PurchaseShipment,
            Api::MerchantV0 => Operation::CreateShipment,
        }
    }

    /// The operation that voids: its bucket.
    pub fn voiding(&self) -> Operation {
        match self.api {
            Api::ShippingV2 => Operation::CancelShipment,
            Api::MerchantV0 => Operation::CancelMerchantShipment,
        }
    }

    /// Buys: sends `request` exactly once, under the intent's own key where the API knows keys.
    pub async fn buy(&self, request: &RequestBytes, key: IntentId, ours: &BoxName) -> WireAnswer {
        match self.api {
            Api::ShippingV2 => self.client.purchase(request, key, &ours.reference).await,
            Api::MerchantV0 => self.client.create_shipment(request, &ours.number).await,
        }
    }

    /// Voids: sends the cancel exactly once.
    pub async fn void(&self, shipment: &ShipmentId) -> VoidWire {
        match self.api {
            Api::ShippingV2 => self.client.cancel(shipment).await,
            Api::MerchantV0 => self.client.cancel_merchant(shipment).await,
        }
    }

    /// What came of a void whose answer was lost, where a read can tell; none where only asking again can.
    pub async fn void_told(&self, shipment: &ShipmentId) -> Result<Option<VoidWire>, CallError> {
        match self.api {
            Api::ShippingV2 => Ok(None),
            Api::MerchantV0 => {
                let told = self.client.merchant_shipment(shipment).await?;
                Ok(merchant::voided(&told.status))
            }
        }
    }

    /// Fetches the documents of a bought shipment again. A read.
    pub async fn documents(&self, shipment: &ShipmentId, ours: &BoxName) -> Result<BoughtAnswer, CallError> {
        match self.api {
            Api::ShippingV2 => self.client.documents(shipment, &ours.reference).await,
            Api::MerchantV0 => self.client.merchant_documents(shipment, &ours.number).await,
        }
    }

    /// A shipment by its id, where the API has such a read.
    pub async fn shipment(&self, shipment: &ShipmentId) -> Result<Option<MerchantShipment>, CallError> {
        match self.api {
            Api::ShippingV2 => Ok(None),
            Api::MerchantV0 => self.client.merchant_shipment(shipment).await.map(Some),
        }
    }
}
