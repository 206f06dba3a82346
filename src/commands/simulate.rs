//! `simulate`: the simulator alone, as a process of its own, until it is interrupted.

use crate::cli::{Common, SimulateArgs};
use crate::clock::{Clock, SystemClock};
use crate::error::{Exit, Failure, Outcome};
use crate::simulator::{Simulator, SimulatorConfig, Supply};
use anyhow::Context as _;
use std::io::Write;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Runs `simulate`.
pub(super) fn run(arguments: &SimulateArgs, common: &Common, out: &mut dyn Write) -> Outcome<Exit> {
    if !arguments.listen.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "the simulator listens only on this machine, not on {}",
            arguments.listen
        ))
        .hint("--listen 127.0.0.1:8642"));
    }
    let clock: Arc<dyn Clock> = Arc::new(common.clock.map_or_else(SystemClock::new, SystemClock::set_to));
    let config = SimulatorConfig {
        listen: arguments.listen,
        seed: arguments.seed,
        ledger: arguments.ledger.clone(),
        supply: match arguments.orders {
            Some(count) if arguments.mixed => Supply::Mixed(count),
            Some(count) => Supply::Many(count),
            None => Supply::Demo,
        },
        ..SimulatorConfig::demo(clock)
    };
    let running = Simulator::start(config)
        .with_context(|| format!("the simulator cannot listen on {}", arguments.listen))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    // The base address on a line of its own, for scripts; from here on it can be told to end.
    writeln!(out, "{}", running.base_url())?;
    out.flush()?;
    runtime.block_on(async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        running.stop().await;
    });
    Ok(Exit::Done)
}
