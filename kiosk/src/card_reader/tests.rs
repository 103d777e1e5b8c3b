//! The reader thread against scripted cards.
