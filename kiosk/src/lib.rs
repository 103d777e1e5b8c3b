//! The terminal: dialogue, card, coins, paper, journal.
//!
//! | module | what |
//! |---|---|
//! | [`session`] | the dialogue: events in, effects out, a view for the screen; no I/O |
//! | [`terminal`] | the loop between session and devices |
//! | [`card_reader`], [`center_client`], [`printer`] | a device each, on a thread of its own |
//! | [`pulse`] | what each device thread shows of itself |
//! | [`coins`], [`journal`], [`recovery`], [`receipt`] | money and paper, and how they survive a stop |
//! | [`setup`], [`config`] | a terminal from its file |
//! | [`issue`], [`doctor`], [`journal_desk`], [`calibration`], `cassette` | the commands without a window |
//! | `play`, `gallery`, `easel` | scenarios and pictures of the screens, drawn without a display |
//! | [`staff`] | the staff's side: a code, a diagnosis, decisions, out of service and back |
//! | [`window`] | the window: draws views, brings back what was pressed |
//! | [`screen`], [`widget`] | one module a screen; what screens are put together from |
//! | [`theme`], [`text`], [`comfort`], [`sound`] | design tokens; words in each language; how one wants to see and hear |

pub mod calibration;
pub mod card_reader;
#[cfg(feature = "simulation")]
pub mod cassette;
pub mod center_client;
pub mod coins;
pub mod comfort;
pub mod config;
pub mod doctor;
#[cfg(feature = "simulation")]
pub mod easel;
#[cfg(feature = "simulation")]
pub mod gallery;
pub mod issue;
pub mod journal;
pub mod journal_desk;
pub mod message;
#[cfg(feature = "simulation")]
pub mod play;
pub mod printer;
pub mod pulse;
pub mod receipt;
pub mod recovery;
pub mod screen;
pub mod session;
pub mod setup;
pub mod sound;
pub mod staff;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod widget;
pub mod window;
