//! The paper: page description, typefaces, front, back, and the finished two-page PDF.

pub mod bit_picture;
