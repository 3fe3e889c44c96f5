//! How evenly the load falls.
