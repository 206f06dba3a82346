//! The interface, method by method: each opens its transaction and hands it to the subject's file.

use super::SqliteStore;
use super::{
    accounts, aftermath, catalogue, desk, detail, flags, import, label_rows, labels, lead, lists, orders,
    packing, people, permissions, pick_lists, printing, proof, quotes, refunds, restored, settle, sync_state,
    typed, typed_answers, voids,
};
use crate::domain::address::Destination;
use crate::domain::bucket::Haste;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{
    BoxId, DataKeyId, Epoch, IntentId, OrderId, OrderNumber, PickListId, PrintJobId, QuoteId, Sku, StationId,
    StoreId, UserId,
};
use crate::domain::packing::ScanRecord;
use crate::domain::prime::PrimeShare;
use crate::domain::product::Product;
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{Confirmation, PurchaseChoice, Quote, QuoteAnswer, QuoteRequest};
use crate::domain::refund::{Booking, FollowUp, Heard, RefundFilter, Refunds};
use crate::domain::rows::{
    BoxRow, CodeMeaning, CodeUse, HistoryRow, LabelRow, OrderDetail, OrderFilter, OrderRow, Page,
    PickListRow, PrintJobRow, Restored, SyncHealth, Waiting, WorkItem,
};
use crate::domain::sealed::{RequestBytes, Sealed, WrappedKey};
use crate::domain::spend::{LinkedAccount, SpendRow, StoreAccounts};
use crate::domain::status::OrderStatus;
use crate::domain::user::{Permission, Role, User};
use crate::store::{
    Asking, BoxDetails, BucketLevel, ImportReport, ImportedOrder, Lead, PrintWork, SealedDocument,
    Settlement, Store, StoreResult, VoidSettlement, VoidWish, VoidsWanted, WantLabel,
};
use chrono::{DateTime, Utc};

impl Store for SqliteStore {
    fn begin_group(&mut self) -> StoreResult<()> {
        SqliteStore::begin_group(self)
    }

    fn end_group(&mut self) -> StoreResult<()> {
        SqliteStore::end_group(self)
    }

    fn users(&self) -> StoreResult<Vec<User>> {
        self.read(people::users)
    }

    fn add_user(&mut self, name: &str, badge: &str, role: Role, now: DateTime<Utc>) -> StoreResult<User> {
        self.write(|connection| people::add_user(connection, name, badge, role, None, now))
    }

    fn put_products(&mut self, products: &[Product], now: DateTime<Utc>) -> StoreResult<u32> {
        self.write(|connection| catalogue::put_products(connection, products, now))
    }

    fn products(&self, skus: &[Sku]) -> StoreResult<Vec<Product>> {
        self.read(|connection| catalogue::products(connection, skus))
    }

    fn code_meanings(&self, code: &str) -> StoreResult<Vec<CodeMeaning>> {
        self.read(|connection| catalogue::code_meanings(connection, code))
    }

    fn import_orders(
        &mut self,
        store: &StoreId,
        orders: Vec<ImportedOrder>,
        watermark: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> StoreResult<ImportReport> {
        self.write(|connection| import::import_orders(connection, store, orders, watermark, now))
    }

    fn watermark(&self, store: &StoreId) -> StoreResult<Option<DateTime<Utc>>> {
        self.read(|connection| import::watermark(connection, store))
    }

    fn finish_sweep(
        &mut self,
        store: &StoreId,
        watermark: DateTime<Utc>,
        _now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| import::finish_sweep(connection, store, watermark))
    }

    fn order_key(&self, store: &StoreId, number: &OrderNumber) -> StoreResult<Option<WrappedKey>> {
        self.read(|connection| orders::order_key(connection, store, number))
    }

    fn next_data_key(&mut self) -> StoreResult<DataKeyId> {
        self.write(orders::next_data_key)
    }

    fn customer(&self, order: OrderId) -> StoreResult<Option<(WrappedKey, Sealed<CustomerData>)>> {
        self.read(|connection| orders::customer(connection, order))
    }

    fn find_orders(&self, number: &OrderNumber) -> StoreResult<Vec<OrderId>> {
        self.read(|connection| orders::find_orders(connection, number))
    }

    fn orders(&self, filter: &OrderFilter, first: usize, limit: usize) -> StoreResult<Page<OrderRow>> {
        self.read(|connection| lists::orders(connection, filter, first, limit))
    }

    fn order(&self, order: OrderId) -> StoreResult<OrderDetail> {
        self.read_typed(|connection| detail::order(connection, order))
    }

    fn set_status(
        &mut self,
        order: OrderId,
        to: OrderStatus,
        by: Option<UserId>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let reason = typist.keep(connection, order, reason, now)?;
            orders::set_status(connection, order, to, by, &reason, now)
        })
    }

    fn clear_flags(
        &mut self,
        order: OrderId,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let reason = typist.keep(connection, order, reason, now)?;
            flags::clear_flags(connection, order, by, &reason, now)
        })
    }

    fn create_pick_list(
        &mut self,
        name: &str,
        orders: &[OrderId],
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<PickListId> {
        self.write(|connection| {
            permissions::permit_named(connection, by, Permission::PickLists)?;
            pick_lists::create_pick_list(connection, name, orders, by, now)
        })
    }

    fn unlisted_orders(&self, limit: usize) -> StoreResult<Vec<OrderId>> {
        self.read(|connection| pick_lists::unlisted_orders(connection, limit))
    }

    fn pick_lists(&self, first: usize, limit: usize) -> StoreResult<Page<PickListRow>> {
        self.read(|connection| pick_lists::pick_lists(connection, first, limit))
    }

    fn begin_packing(
        &mut self,
        order: OrderId,
        by: UserId,
        take_over: bool,
        confirmation: Confirmation,
        now: DateTime<Utc>,
    ) -> StoreResult<BoxRow> {
        self.write(|connection| packing::begin_packing(connection, order, by, take_over, confirmation, now))
    }

    fn accept_scan(&mut self, scan: &ScanRecord) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            if packing::is_accepted(connection, scan)? {
                return Ok(());
            }
            match typed::scanned(connection, typist, scan)? {
                Some(scan) => packing::accept_scan(connection, &scan),
                None => packing::accept_scan(connection, scan),
            }
        })
    }

    fn note_refused_scan(
        &mut self,
        order: Option<OrderId>,
        by: Option<UserId>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            desk::count_refused(connection, by, reason, now)?;
            people::note(connection, order, by, &format!("scan refused: {reason}"), now)
        })
    }

    fn note_revealed(
        &mut self,
        order: OrderId,
        by: UserId,
        how: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            permissions::permit(connection, by, Permission::SeeCustomers)?;
            people::note(connection, Some(order), Some(by), how, now)
        })
    }

    fn code_use(&self, code: &str) -> StoreResult<Option<CodeUse>> {
        self.read(|connection| packing::code_use(connection, code))
    }

    fn set_box(
        &mut self,
        box_id: BoxId,
        turn: Epoch,
        details: &BoxDetails,
        _by: UserId,
        _now: DateTime<Utc>,
    ) -> StoreResult<BoxRow> {
        self.write(|connection| packing::set_box(connection, box_id, turn, details))
    }

    fn want_quote(&mut self, request: &QuoteRequest, now: DateTime<Utc>) -> StoreResult<QuoteId> {
        self.write(|connection| quotes::want_quote(connection, request, Haste::Bench, now))
    }

    fn want_quotes_in_bulk(
        &mut self,
        requests: &[QuoteRequest],
        now: DateTime<Utc>,
    ) -> StoreResult<Vec<StoreResult<QuoteId>>> {
        self.write(|connection| quotes::want_in_bulk(connection, requests, now))
    }

    fn answered_quotes(&self, ids: &[QuoteId]) -> StoreResult<Vec<Quote>> {
        self.read(|connection| quotes::answered(connection, ids))
    }

    fn wanted_quotes_in_bulk(
        &self,
        after: QuoteId,
        limit: usize,
    ) -> StoreResult<Vec<(Quote, StoreId, OrderNumber)>> {
        self.read(|connection| quotes::wanted_in_bulk(connection, after, limit))
    }

    fn wanted_quotes(&self) -> StoreResult<Vec<(Quote, StoreId, OrderNumber)>> {
        self.read(quotes::wanted_quotes)
    }

    fn answer_quote(
        &mut self,
        quote: QuoteId,
        answer: Result<QuoteAnswer, String>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let answer = typed_answers::quoted(connection, typist, quote, answer, now)?;
            quotes::answer_quote(connection, quote, answer, now)
        })
    }

    fn quote(&self, quote: QuoteId) -> StoreResult<Quote> {
        self.read(|connection| quotes::quote(connection, quote))
    }

    fn want_label(&mut self, want: &WantLabel, now: DateTime<Utc>) -> StoreResult<()> {
        self.check_sound()?;
        self.write_typed(|connection, typist| {
            let want = WantLabel {
                reason: typist.keep_some(connection, want.order, want.reason.as_deref(), now)?,
                ..want.clone()
            };
            labels::want_label(connection, &want, now)
        })
    }

    fn withdraw_label(&mut self, label: IntentId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| labels::withdraw_label(connection, label, by, now))
    }

    fn want_void(&mut self, label: IntentId, wish: &VoidWish, now: DateTime<Utc>) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let order = typed::order_of(connection, label_rows::bytes(&label))?;
            let wish = VoidWish {
                reason: typist.keep(connection, order, &wish.reason, now)?,
                ..wish.clone()
            };
            voids::want_void(connection, label, &wish, now)
        })
    }

    fn want_void_order(
        &mut self,
        order: OrderId,
        wish: &VoidWish,
        now: DateTime<Utc>,
    ) -> StoreResult<VoidsWanted> {
        self.write_typed(|connection, typist| {
            let wish = VoidWish {
                reason: typist.keep(connection, order, &wish.reason, now)?,
                ..wish.clone()
            };
            voids::want_void_order(connection, order, &wish, now)
        })
    }

    fn label(&self, label: IntentId) -> StoreResult<LabelRow> {
        self.read_typed(|connection| label_rows::label(connection, label))
    }

    fn settled_labels(&self, ids: &[IntentId]) -> StoreResult<Vec<LabelRow>> {
        self.read_typed(|connection| label_rows::settled(connection, ids))
    }

    fn labels_of(&self, order: OrderId) -> StoreResult<Vec<LabelRow>> {
        self.read_typed(|connection| label_rows::labels_of(connection, order))
    }

    fn label_by_tracking(&self, tracking: &str) -> StoreResult<Option<LabelRow>> {
        self.read_typed(|connection| label_rows::label_by_tracking(connection, tracking))
    }

    fn document(&self, label: IntentId) -> StoreResult<Option<(WrappedKey, SealedDocument)>> {
        self.read(|connection| labels::document(connection, label))
    }

    fn decide_unknown(
        &mut self,
        label: IntentId,
        bought: Option<crate::domain::ids::TrackingNumber>,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let order = typed::order_of(connection, label_rows::bytes(&label))?;
            let reason = typist.keep(connection, order, reason, now)?;
            labels::decide_unknown(connection, label, bought.as_ref(), by, &reason, now)
        })
    }

    fn take_lead(&mut self, now: DateTime<Utc>) -> StoreResult<Lead> {
        self.write(|connection| lead::take_lead(connection, now))
    }

    fn work_in_bulk(&self, after: i64, limit: usize) -> StoreResult<Vec<(i64, WorkItem)>> {
        self.read(|connection| lead::work_in_bulk(connection, after, limit))
    }

    fn swept_until(&self, store: &StoreId) -> StoreResult<Option<DateTime<Utc>>> {
        self.read(|connection| import::swept_until(connection, store))
    }

    fn work(&self) -> StoreResult<Vec<WorkItem>> {
        self.read(lead::work)
    }

    fn purchase(&self, label: IntentId) -> StoreResult<(PurchaseChoice, Quote)> {
        self.read(|connection| lead::purchase(connection, label))
    }

    fn label_inputs(&self, label: IntentId) -> StoreResult<Option<(WrappedKey, Sealed<InputValues>)>> {
        self.read(|connection| lead::label_inputs(connection, label))
    }

    fn want_accounts(&mut self, stores: &[StoreId], now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| accounts::want_accounts(connection, stores, now))
    }

    fn wanted_accounts(&self) -> StoreResult<Vec<StoreId>> {
        self.read(accounts::wanted_accounts)
    }

    fn answer_accounts(
        &mut self,
        store: &StoreId,
        answer: Result<Vec<LinkedAccount>, String>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let answer = answer.as_deref().map_err(String::as_str);
        self.write(|connection| accounts::answer_accounts(connection, store, answer, now))
    }

    fn accounts(&self) -> StoreResult<Vec<StoreAccounts>> {
        self.read(accounts::accounts)
    }

    fn spend(&self, since: Option<DateTime<Utc>>) -> StoreResult<Vec<SpendRow>> {
        self.read(|connection| accounts::spend(connection, since))
    }

    fn prime_share(&self, since: DateTime<Utc>) -> StoreResult<PrimeShare> {
        self.read(|connection| accounts::prime_share(connection, since))
    }

    fn stored_request(&self, label: IntentId) -> StoreResult<Option<(WrappedKey, Sealed<RequestBytes>)>> {
        self.read(|connection| lead::stored_request(connection, label))
    }

    fn begin_asking(&mut self, lead: Lead, asking: &Asking, now: DateTime<Utc>) -> StoreResult<u32> {
        self.check_sound()?;
        self.write(|connection| lead::begin_asking(connection, lead, asking, now))
    }

    fn settle(
        &mut self,
        label: IntentId,
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow> {
        self.write_typed(|connection, typist| {
            let settlement = typed_answers::bought(connection, typist, label, settlement, now)?;
            settle::settle(connection, label, &settlement, now)
        })
    }

    fn add_document(
        &mut self,
        label: IntentId,
        documents: Vec<SealedDocument>,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow> {
        self.write(|connection| settle::add_document(connection, label, &documents, now))
    }

    fn begin_voiding(&mut self, lead: Lead, label: IntentId, now: DateTime<Utc>) -> StoreResult<u32> {
        self.write(|connection| lead::begin_voiding(connection, lead, label, now))
    }

    fn settle_void(
        &mut self,
        label: IntentId,
        settlement: &VoidSettlement,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow> {
        self.write_typed(|connection, typist| {
            let settlement = typed_answers::voided(connection, typist, label, settlement, now)?;
            voids::settle_void(connection, label, &settlement, now)
        })
    }

    fn follow_ups(&self, limit: usize) -> StoreResult<Vec<FollowUp>> {
        self.read(|connection| aftermath::follow_ups(connection, limit))
    }

    fn settle_follow_up(
        &mut self,
        label: IntentId,
        heard: &Heard,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow> {
        self.write(|connection| aftermath::settle_follow_up(connection, label, heard, now))
    }

    fn book_refund(
        &mut self,
        label: IntentId,
        booking: &Booking,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow> {
        self.write_typed(|connection, typist| {
            let order = typed::order_of(connection, label_rows::bytes(&label))?;
            let reason = typist.keep(connection, order, reason, now)?;
            aftermath::book_refund(connection, label, booking, by, &reason, now)
        })
    }

    fn refunds(
        &self,
        filter: RefundFilter,
        first: usize,
        limit: usize,
        now: DateTime<Utc>,
    ) -> StoreResult<Refunds> {
        self.read_typed(|connection| refunds::refunds(connection, filter, first, limit, now))
    }

    fn unmoved(&self, first: usize, limit: usize, now: DateTime<Utc>) -> StoreResult<Page<LabelRow>> {
        self.read_typed(|connection| refunds::unmoved(connection, first, limit, now))
    }

    fn want_print(
        &mut self,
        label: IntentId,
        station: &StationId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<PrintJobId> {
        self.write(|connection| printing::want_print(connection, label, station, by, now))
    }

    fn print_jobs(&self, station: &StationId) -> StoreResult<Vec<PrintJobRow>> {
        self.read(|connection| printing::print_jobs(connection, station))
    }

    fn begin_printing(&mut self, job: PrintJobId, now: DateTime<Utc>) -> StoreResult<Option<PrintWork>> {
        self.write(|connection| printing::begin_printing(connection, job, now))
    }

    fn end_printing(
        &mut self,
        job: PrintJobId,
        result: Result<(), String>,
        manifests: bool,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| printing::end_printing(connection, job, &result, manifests, now))
    }

    fn doubt_printing(&mut self, station: &StationId, now: DateTime<Utc>) -> StoreResult<u32> {
        self.write(|connection| printing::doubt_printing(connection, station, now))
    }

    fn health(&self) -> StoreResult<SyncHealth> {
        self.read(sync_state::health)
    }

    fn set_health(&mut self, health: &SyncHealth) -> StoreResult<()> {
        self.write(|connection| sync_state::set_health(connection, health))
    }

    fn waiting(&self) -> StoreResult<Waiting> {
        self.read(sync_state::waiting)
    }

    fn bucket_levels(&self) -> StoreResult<Vec<BucketLevel>> {
        self.read(sync_state::bucket_levels)
    }

    fn set_bucket_levels(&mut self, levels: &[BucketLevel]) -> StoreResult<()> {
        self.write(|connection| sync_state::set_bucket_levels(connection, levels))
    }

    fn version(&self) -> StoreResult<i64> {
        self.read(sync_state::version)
    }

    fn history(&self, order: OrderId) -> StoreResult<Vec<HistoryRow>> {
        self.read(|connection| people::history(connection, order))
    }

    fn verify_chain(&self) -> StoreResult<Result<u64, String>> {
        self.read(proof::verify_chain)
    }

    fn set_key_check(&mut self, check: &[u8]) -> StoreResult<()> {
        self.write(|connection| proof::set_key_check(connection, check))
    }

    fn key_check(&self) -> StoreResult<Option<Vec<u8>>> {
        self.read(proof::key_check)
    }

    fn is_empty(&self) -> StoreResult<bool> {
        self.read(orders::is_empty)
    }

    fn destination(&self, order: OrderId) -> StoreResult<Option<Destination>> {
        self.read(|connection| orders::destination(connection, order))
    }

    fn check_sound(&self) -> StoreResult<()> {
        self.check_unmarked()
    }

    fn restored(&self) -> StoreResult<Option<Restored>> {
        self.read(restored::restored)
    }

    fn uncompared(&self, limit: usize) -> StoreResult<Vec<(OrderId, StoreId, OrderNumber)>> {
        self.read(|connection| restored::uncompared(connection, limit))
    }

    fn note_compared(&mut self, order: OrderId, words: Option<&str>, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| restored::note_compared(connection, order, words, now))
    }

    fn end_restored(&mut self, now: DateTime<Utc>) -> StoreResult<bool> {
        self.write(|connection| restored::end(connection, now))
    }
}
