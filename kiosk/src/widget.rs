//! What screens are put together from; a widget says that it was pressed and changes nothing.

pub mod button;
pub mod illustration;
pub mod keypad;
pub mod measure;
pub mod pane;
pub mod ruby;
pub mod words;
