//! Loss-free balancing, without tensors: those are in `router::deepseek`.

use super::{DEEPSEEK, Method};

/// Wang et al. 2024: top k balanced by a bias instead of a loss; what DeepSeek-V3 does beside its shared experts, without them.
pub const LOSS_FREE: Method = Method {
    id: "loss-free",
    title: "Loss-free bias",
    paper: "Wang and others 2024, arXiv:2408.15664; with the scores of DeepSeek-V3, arXiv:2412.19437",
    shared: 0,
    ..DEEPSEEK
};
