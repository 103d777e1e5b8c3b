//! `kiosk cassette serve`: a cassette on a virtual reader.

use std::net::ToSocketAddrs as _;

use fixtures::cassette::player::Player;
use fixtures::fault::{Fault, FaultyCard};
use fixtures::virtual_reader::{self, Orders};
use rand_core::OsRng;
use serde_json::json;

use super::arguments::ServeArguments;
use super::{CARD, CassetteError, DONE, open, refuse_private_in_integration};

pub(super) fn serve(arguments: &ServeArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let address = arguments.vpcd.to_socket_addrs().ok().and_then(|mut found| found.next());
    let address = address.ok_or(CassetteError::Address)?;
    let cassette = open(&arguments.file)?;
    refuse_private_in_integration(&cassette)?;
    let mut faults = Vec::new();
    for text in &arguments.fault {
        faults.extend(Fault::read_all(text)?);
    }
    let mut card = FaultyCard::new(Player::new(cassette, OsRng)?, faults);
    let orders = Orders::default();
    let input = std::io::BufReader::new(std::io::stdin());
    let unread = |source| CassetteError::File { path: "standard input".into(), source };
    orders.read_lines(input).map_err(unread)?;
    virtual_reader::serve(&mut card, address, &orders, |event| {
        say(&serde_json::to_string(&event).unwrap_or_default());
    });
    let player = card.card();
    let exchanges = player.answered();
    if let Some(error) = player.ended() {
        say(&json!({"event": "left", "exchanges": exchanges, "reason": error.to_string()}).to_string());
        return Ok(CARD);
    }
    say(&json!({"event": "played", "exchanges": exchanges, "whole": player.is_finished()}).to_string());
    Ok(DONE)
}
