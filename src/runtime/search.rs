//! Searches, changes of all that are found, and notes: what the loop hands over beside commits and reads.

use super::outside::{Outside, failure, send};
use crate::app::effect::{Answer, ManyWish, RequestId, SearchWish, Slot};
use crate::app::message::{Failure, FailureKind, Message};
use crate::domain::ids::{OrderId, UserId};
use crate::sync::open_notes;
use std::sync::Arc;

impl Outside {
    /// Changes many orders, piece by piece behind everything else; no commit of the bench waits for them all.
    pub(super) fn change_many(&self, request: RequestId, wish: ManyWish) {
        let (finder, clock, results) = (
            Arc::clone(&self.finder),
            Arc::clone(&self.clock),
            self.results.clone(),
        );
        tokio::spawn(async move {
            let changed = tokio::task::spawn_blocking(move || finder.change(&wish, clock.now())).await;
            let message = match changed {
                Ok(Ok(done)) => Message::Committed { request, done },
                Ok(Err(error)) => Message::Refused {
                    request,
                    failure: failure(&error),
                },
                Err(_) => Message::Refused {
                    request,
                    failure: Failure {
                        kind: FailureKind::Failed,
                        words: "a fault in the program; the log says where".to_owned(),
                    },
                },
            };
            send(&results, message).await;
        });
    }

    /// Opens the notes of an order for a person, who must be allowed to see customers' data: a note may name one.
    pub fn open_notes(&self, order: OrderId, by: UserId) {
        let (store, vault, results) = (self.store.clone(), Arc::clone(&self.vault), self.results.clone());
        tokio::spawn(async move {
            let notes = store
                .read(move |store| open_notes(store, &vault, order, by))
                .await;
            let notes = notes.map_err(|error| error.to_string());
            send(&results, Message::NotesOpened { order, notes }).await;
        });
    }

    /// A search is answered by the index in memory; customers' names are opened for it from now on.
    pub(super) fn search(&self, request: RequestId, wish: SearchWish) {
        let (finder, results) = (Arc::clone(&self.finder), self.results.clone());
        tokio::spawn(async move {
            let (asked, by) = (Arc::clone(&finder), wish.by);
            let names = by.filter(|_| wish.names);
            let found =
                tokio::task::spawn_blocking(move || asked.find(&wish.search, names, wish.first, wish.limit))
                    .await;
            let answer = match found {
                Ok(Ok(found)) => Ok(Answer::Searched(Box::new(found))),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("a fault in the program; the log says where".to_owned()),
            };
            let slot = Slot::Search;
            send(
                &results,
                Message::Answered {
                    slot,
                    request,
                    answer,
                },
            )
            .await;
            // A thread of its own: opening names takes a while and lets everything else go first.
            if let Some(by) = by {
                drop(tokio::task::spawn_blocking(move || finder.open_names(by)));
            }
        });
    }

    /// Overwrites the names that were opened for searches.
    pub fn forget_names(&self) {
        self.finder.forget_names();
    }

    /// Somebody changed the store: names that were erased since are overwritten here too.
    pub fn catch_up_names(&self) {
        if self.finder.has_names() {
            let finder = Arc::clone(&self.finder);
            drop(tokio::task::spawn_blocking(move || finder.catch_up()));
        }
    }
}
