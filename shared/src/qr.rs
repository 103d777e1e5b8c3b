//! The two printed codes: SMART Health Card and ICAO VDS-NC.
