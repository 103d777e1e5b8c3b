//! What one exchange with a card costs over the real service: ours beside a bare loop of the `pcsc` crate, in one run.
//!
//! Both send the same two commands to the same software card on the virtual reader, in turns; what differs is what
//! the terminal adds: the guard, the channel, wiping.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]

use std::ffi::CString;
use std::time::{Duration, Instant};

use kiosk::card_reader::Reader as _;
use kiosk::card_reader::pcsc::PcscReader;
use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};
use shared::card::channel::Channel;
use shared::card::jpki;
use tests::figures::{microseconds, quantile, row};
use tests::reader::{ReaderService, reader_name};
use tests::virtual_card::{Conduct, VirtualCard, card_of};
use tests::world::World;

/// Turns of each, taken alternately.
const ROUNDS: usize = 20;

/// Pairs of commands in a turn.
const PAIRS: u32 = 100;

/// What is read: the start of the token information, free to read.
const BYTES: u8 = 16;

fn main() {
    let _service = ReaderService::hold();
    let world = World::new();
    let _card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(bare_loop());
        ours.push(our_loop());
    }
    let [bare, ours] = [&mut bare, &mut ours].map(|times| quantile(times, 0.5));
    let share = ours.as_secs_f64() - bare.as_secs_f64();
    row("what", "measured", "aim");
    row("an exchange, bare loop over pcscd", &microseconds(bare), "");
    row("an exchange, through guard and channel", &microseconds(ours), "");
    row("our share of an exchange", &format!("{:.1} us", share * 1e6), "<= 50 us");
    row("ratio", &format!("{:.3}", ours.as_secs_f64() / bare.as_secs_f64()), "");
}

/// One exchange on average, with nothing but the crate.
fn bare_loop() -> Duration {
    let context = Context::establish(Scope::User).expect("the service");
    let name = CString::new(reader_name(0)).expect("a name");
    let card = context.connect(&name, ShareMode::Exclusive, Protocols::ANY).expect("the card");
    let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
    let select_application = [[0x00, 0xA4, 0x04, 0x0C, 10].as_slice(), &jpki::APPLICATION].concat();
    let select_file = [[0x00, 0xA4, 0x02, 0x0C, 2].as_slice(), &jpki::TOKEN_INFORMATION].concat();
    let read = [0x00, 0xB0, 0x00, 0x00, BYTES];
    card.transmit(&select_application, &mut buffer).expect("an answer");
    let began = Instant::now();
    for _ in 0..PAIRS {
        card.transmit(&select_file, &mut buffer).expect("an answer");
        let answer = card.transmit(&read, &mut buffer).expect("an answer");
        assert_eq!(answer.len(), usize::from(BYTES) + 2);
    }
    let took = began.elapsed() / (2 * PAIRS);
    card.disconnect(Disposition::ResetCard).map_err(|(_, error)| error).expect("the card is let go of");
    took
}

/// One exchange on average, as a terminal does it.
fn our_loop() -> Duration {
    let mut reader = PcscReader::new(Some(reader_name(0)));
    let mut channel = Channel::new(reader.connect().expect("the card"));
    jpki::select(&mut channel).expect("the application");
    let began = Instant::now();
    for _ in 0..PAIRS {
        channel.read_physical(jpki::TOKEN_INFORMATION, BYTES).expect("an answer");
    }
    let took = began.elapsed() / (2 * PAIRS);
    reader.release(channel.into_transport());
    took
}
