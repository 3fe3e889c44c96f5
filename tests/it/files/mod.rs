//! Model files as people have them, and damaged ones.

mod checkpoints;
mod faults;
