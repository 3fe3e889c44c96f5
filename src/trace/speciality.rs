//! What one expert takes, as statistics.
