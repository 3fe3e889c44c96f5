//! Owns device and model, answers the protocol.
