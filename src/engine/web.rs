//! Routing as a service of a web worker.

use super::service::serve;
use crate::device::Trouble;
use crate::protocol::{Event, FaultKind, Request};
use crate::worker::Mailbox;
use crate::worker::web::{Service, Worker, WorkerFault};

/// The service that routes texts.
pub struct Routing;

impl Service for Routing {
    type Request = Request;
    type Event = Event;

    fn fault(fault: WorkerFault) -> Event {
        let (kind, message, fatal) = match fault {
            WorkerFault::Panicked(info) => (
                FaultKind::Route,
                format!("The engine stopped because of a fault in it ({info}). It can be started again."),
                true,
            ),
            WorkerFault::Unreadable => (
                FaultKind::Protocol,
                "The page sent something that the engine cannot read: they are of different versions. Reload the page."
                    .to_owned(),
                false,
            ),
            WorkerFault::Unsupported(why) => {
                (FaultKind::Device, format!("This browser's workers lack what the engine needs: {why}"), true)
            }
            WorkerFault::Gpu(Trouble::Lost(what)) => (FaultKind::DeviceLost, format!("The GPU was lost. {what}"), true),
            WorkerFault::Gpu(Trouble::Uncaptured(what)) => (
                FaultKind::DeviceLost,
                format!("The GPU refused an operation, so its results cannot be trusted. {what}"),
                true,
            ),
        };
        Event::Fault { kind, message: message.trim_end().to_owned(), fatal }
    }

    async fn serve(worker: &Worker<Self>, mailbox: &Mailbox<Request>) {
        serve(worker, mailbox).await;
    }
}
