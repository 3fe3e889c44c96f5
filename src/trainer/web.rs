//! Training as a service of a web worker, of another than routing, so that neither the page nor the explorer waits for it.

use super::service::{Timing, serve};
use crate::error::{Trouble, WorkerFault};
use crate::run::protocol::{LabEvent, LabFault, LabRequest};
use crate::worker::Mailbox;
use crate::worker::web::{Service, Worker};
use web_time::Duration;

/// The service that trains.
pub struct Training;

impl Service for Training {
    type Request = LabRequest;
    type Event = LabEvent;

    fn fault(fault: WorkerFault) -> LabEvent {
        let (kind, message, fatal) = match fault {
            WorkerFault::Panicked(info) => (
                LabFault::Request,
                format!(
                    "The trainer stopped because of a fault in it ({info}). It can be started again from its last saved step."
                ),
                true,
            ),
            WorkerFault::Unreadable => (
                LabFault::Protocol,
                "The page sent something that the trainer cannot read: they are of different versions. Reload the page."
                    .to_owned(),
                false,
            ),
            WorkerFault::Unsupported(why) => {
                (LabFault::Device, format!("This browser's workers lack what the trainer needs: {why}"), true)
            }
            WorkerFault::Gpu(Trouble::Lost(what)) => (
                LabFault::DeviceLost,
                format!("The GPU was lost. Training can go on from the last saved step. {what}"),
                true,
            ),
            WorkerFault::Gpu(Trouble::Uncaptured(what)) => (
                LabFault::DeviceLost,
                format!("The GPU refused an operation, so its results cannot be trusted. {what}"),
                true,
            ),
        };
        LabEvent::Fault { kind, message: message.trim_end().to_owned(), at: None, fatal }
    }

    async fn serve(worker: &Worker<Self>, mailbox: &Mailbox<LabRequest>) {
        // A browser compiles WebAssembly well only after it has run for a while; and page and trainer share the cores.
        let timing = Timing { warm_up: Duration::from_secs(3), first_picture: 150 };
        serve(worker, mailbox, timing).await;
    }
}
