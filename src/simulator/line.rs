//! Connections that can break on purpose: reset without a word, or closed in the middle of an answer.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What is to become of the answer that is written next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Break {
    /// It is delivered.
    #[default]
    Never,
    /// The connection is reset before its first byte.
    Reset,
    /// The connection is closed when this many bytes were written, head and all.
    InHead(usize),
    /// The connection is closed when this many bytes of the body were written.
    After(usize),
}

#[derive(Default)]
struct Plan {
    next: Break,
    in_body: bool,
}

/// The handler's end of a connection.
#[derive(Clone)]
pub(super) struct LineHandle(Arc<Mutex<Plan>>);

impl LineHandle {
    pub(super) fn plan(&self, next: Break) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Plan { next, in_body: false };
    }
}

impl Connected<IncomingStream<'_, Lines>> for LineHandle {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().handle.clone()
    }
}

/// One connection.
pub(super) struct Line {
    stream: TcpStream,
    handle: LineHandle,
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let (next, in_body) = {
            let plan = self.handle.0.lock().unwrap_or_else(PoisonError::into_inner);
            (plan.next, plan.in_body)
        };
        let (head, left) = match next {
            Break::Never => return Pin::new(&mut self.stream).poll_write(context, bytes),
            Break::Reset => {
                self.stream.set_zero_linger()?;
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            Break::InHead(left) => {
                let allowed = bytes.len().min(left);
                if allowed == 0 {
                    return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
                }
                let written =
                    std::task::ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]))?;
                self.handle.plan(Break::InHead(left - written));
                return Poll::Ready(Ok(written));
            }
            Break::After(left) if in_body => (0, left),
            Break::After(left) => match bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(at) => (at + 4, left),
                None => return Pin::new(&mut self.stream).poll_write(context, bytes),
            },
        };
        let allowed = bytes.len().min(head + left);
        if allowed == 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]))?;
        if written >= head {
            *self.handle.0.lock().unwrap_or_else(PoisonError::into_inner) = Plan {
                next: Break::After(left - (written - head)),
                in_body: true,
            };
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A listener of breakable connections.
pub(super) struct Lines(pub(super) TcpListener);

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, peer)) => {
                    // Answers are small and awaited: nothing is gained by holding them back.
                    let _ = stream.set_nodelay(true);
                    let handle = LineHandle(Arc::default());
                    return (Line { stream, handle }, peer);
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}
