//! Values, losses and gradients against independent references, most of them in numpy and double precision
//! (tests/reference/), as committed in tests/fixtures/.

mod base;
mod capacity;
mod conventions;
mod deepseek;
mod deepseek_v4;
mod expert_choice;
mod hash;
mod mixtral;
mod mixtures;
mod model;
mod routing_networks;
mod shazeer;
mod shipped;
mod soft_moe;
mod tokenizer;
