//! Routing as a service of a web worker.

use super::service::serve;
use crate::error::{EngineFault, WorkerFault};
use crate::protocol::{Event, Request};
use crate::worker::Mailbox;
use crate::worker::web::{Service, ServiceWorker};

/// The service that routes texts.
pub struct RoutingService;

impl Service for RoutingService {
    type Request = Request;
    type Event = Event;

    fn fault(fault: WorkerFault) -> Event {
        Event::Fault(EngineFault::Worker(fault))
    }

    async fn serve(worker: &ServiceWorker<Self>, mailbox: &Mailbox<Request>) {
        serve(worker, mailbox).await;
    }
}
