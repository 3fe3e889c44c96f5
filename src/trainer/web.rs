//! Training as a service of a web worker, of another than routing, so that neither the page nor the explorer waits for it.

use super::service::{Timing, serve};
use crate::error::WorkerFault;
use crate::run::fault::LabFault;
use crate::run::protocol::{LabEvent, LabRequest};
use crate::worker::Mailbox;
use crate::worker::web::{Service, ServiceWorker};
use web_time::Duration;

/// The service that trains.
pub struct TrainingService;

impl Service for TrainingService {
    type Request = LabRequest;
    type Event = LabEvent;

    fn fault(fault: WorkerFault) -> LabEvent {
        LabEvent::Fault(LabFault::Worker(fault))
    }

    async fn serve(worker: &ServiceWorker<Self>, mailbox: &Mailbox<LabRequest>) {
        // A browser compiles WebAssembly well only after it has run for a while; and page and trainer share the cores.
        let timing = Timing { warm_up: Duration::from_secs(3), first_picture: 150 };
        serve(worker, mailbox, timing).await;
    }
}
