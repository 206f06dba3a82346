//! The simulator's thread: it listens, hands each request to the world, and sends the answer or breaks the
//! line.

use super::SimulatorConfig;
use super::faults::{Fault, Switches};
use super::ledger_view::LedgerView;
use super::line::{LineHandle, Lines};
use super::order::{Order, OrderChange};
use super::wire::{Answer, Request, split_target};
use super::world::World;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// Bodies longer than this are refused (no request of these operations comes near it).
const LARGEST_BODY: usize = 1 << 20;

type Shared = Arc<Mutex<World>>;

/// Starts simulators.
pub struct Simulator;

impl Simulator {
    /// Starts one on a thread of its own, so that it answers whatever the caller's runtime is doing. Fails when
    /// the address is taken or the ledger cannot be opened or read.
    pub fn start(config: SimulatorConfig) -> io::Result<Running> {
        let listener = std::net::TcpListener::bind(config.listen)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let world = Arc::new(Mutex::new(World::open(config)?));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let (done, ended) = oneshot::channel();
        let shared = Arc::clone(&world);
        std::thread::Builder::new()
            .name("simulator".to_owned())
            .spawn(move || {
                runtime.block_on(serve(listener, shared, stopped));
                drop(runtime);
                let _ = done.send(());
            })?;
        Ok(Running {
            addr,
            world,
            stop: Some(stop),
            ended: Some(ended),
        })
    }
}

/// A simulator that is running; it stops when this is dropped.
pub struct Running {
    addr: SocketAddr,
    world: Shared,
    stop: Option<oneshot::Sender<()>>,
    ended: Option<oneshot::Receiver<()>>,
}

impl Running {
    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Base address of all its services, e.g. `http://127.0.0.1:40123`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops it, breaks its connections and frees the address and the ledger.
    pub async fn stop(mut self) {
        self.stop.take();
        if let Some(ended) = self.ended.take() {
            let _ = ended.await;
        }
    }

    /// What was sold and what was asked until now.
    pub fn ledger(&self) -> LedgerView {
        self.world().ledger()
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.world().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Changes the switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.world().switches);
    }

    /// Changes an order as a buyer, Amazon or another program would; false if there is no such order.
    pub fn change(&self, order: &str, change: OrderChange) -> io::Result<bool> {
        self.world().change(order, change)
    }

    /// The carrier scans a parcel, named by its shipment or its tracking number: its label can no longer be
    /// voided. False if there is none.
    pub fn scan(&self, shipment: &str) -> io::Result<bool> {
        self.world().scan(shipment)
    }

    /// Puts the simulator's time ahead of its clock.
    pub fn advance(&self, by: Duration) {
        self.world().ahead += by;
    }

    /// An order as it stands.
    pub fn order(&self, number: &str) -> Option<Order> {
        self.world().orders.get(number).cloned()
    }

    /// All order numbers, sorted.
    pub fn orders(&self) -> Vec<String> {
        self.world().orders.keys().cloned().collect()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(listener: std::net::TcpListener, world: Shared, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let app = Router::new()
        .fallback(answer)
        .with_state(world)
        .into_make_service_with_connect_info::<LineHandle>();
    tokio::select! {
        _ = axum::serve(Lines(listener), app) => {}
        _ = stopped => {}
    }
}

async fn answer(
    State(world): State<Shared>,
    ConnectInfo(line): ConnectInfo<LineHandle>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let (path, query) = split_target(parts.uri.path(), parts.uri.query());
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let method = parts.method.as_str().to_owned();
    let answer = match axum::body::to_bytes(body, LARGEST_BODY).await {
        Ok(body) => {
            let request = Request {
                method,
                path,
                query,
                headers,
                body: body.to_vec(),
            };
            world
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .handle(&request)
        }
        Err(_) => Answer::error(413, "InvalidRequest", "The request size exceeds the maximum.", ""),
    };
    if answer.hangs {
        // Until the caller gives up and its connection is gone.
        std::future::pending::<()>().await;
    }
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    line.plan(answer.fate);
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(answer.content_type),
    );
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            headers.insert(name, value);
        }
    }
    response
}
