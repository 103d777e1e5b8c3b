//! What the end-to-end tests stand on: worlds, the real programs, outside checks, and the shape of the sources.
//!
//! **Invariant**: nothing here looks into the programs but `sample` and `soak`, which draw and read paper by the
//! thousand in one process, and `population`, which opens what the store encrypted. A world is made by `fixtures`, the centre and the terminal run as processes, and what
//! they leave behind is judged by programs nobody here wrote.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up fails with a sentence"
)]

pub mod applicant;
#[expect(clippy::indexing_slicing, reason = "indexing JSON gives null where there is nothing")]
pub mod browser;
pub mod caller;
pub mod clerk;
pub mod crowd;
pub mod figures;
pub mod ground;
pub mod paper;
pub mod paper_channel;
pub mod peers;
pub mod population;
pub mod printer;
pub mod program;
pub mod promises;
pub mod reader;
pub mod replay;
pub mod sample;
pub mod scenario;
pub mod shape;
pub mod soak;
pub mod terminal;
pub mod verifying;
pub mod virtual_card;
pub mod visit;
pub mod window;
pub mod world;
