//! Paper as physics: a page is printed, worn, scanned, photographed, faxed and copied, all from a seed.
//!
//! ```text
//! 600-dpi page ─► printing ─► Sheet ─► wear ─┬─► scanning ─► Picture
//!                    ▲                       ├─► photography ─► Picture
//!                    └────── copying ◄───────┴─► faxing ─► Picture
//! ```
//!
//! Every parameter is a physical quantity: micrometres on the paper, millimetres along it, degrees. What each of
//! them does to a page is measured by [`gauge`] on pages of its own, and the tests hold the one against the other.
//!
//! **Invariant**: nothing of the programs is used here, and nothing here knows how the programs read a page.

pub mod class;
pub mod copying;
pub mod faxing;
pub mod filter;
pub mod gauge;
pub mod photography;
pub mod picture;
pub mod printing;
pub mod rasteriser;
pub mod scanning;
pub mod texture;
pub mod wear;

pub use class::Class;
pub use picture::Picture;
pub use printing::{Place, Printer, Sheet};
