//! Sounds, played on a thread of their own. Each has a twin that is seen, so that a terminal without a loudspeaker
//! lacks nothing: it is silent, and never in error.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use crate::comfort::Volume;
use crate::session::view::View;

/// What a sound means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A key was pressed. Its twin: the key looks pressed.
    Key,
    /// The dialogue is about to end. Its twin: the warning over the screen.
    Warning,
    /// Something was forgotten. Its twin: a frame around the screen, and a notice.
    Alarm,
    /// It went well. Its twin: the screen that says so.
    Done,
    /// It did not go. Its twin: the screen that says so.
    Refused,
}

/// A note: pitch in hertz, and how long in milliseconds.
type Tune = &'static [(f32, u32)];

impl Tone {
    /// What is heard when a screen appears.
    pub const fn of_screen(view: &View<'_>) -> Option<Self> {
        match view {
            View::TakePaper { .. } | View::Thanks { .. } => Some(Self::Done),
            View::Refused { .. } | View::OutOfOrder { .. } | View::PaperLeft { .. } => Some(Self::Refused),
            View::TakeCard | View::CardLeft => Some(Self::Warning),
            _ => None,
        }
    }

    const fn tune(self) -> Tune {
        match self {
            Self::Key => &[(1200.0, 40)],
            Self::Warning => &[(784.0, 160), (0.0, 60), (784.0, 160)],
            Self::Alarm => &[(988.0, 200), (784.0, 200), (988.0, 200), (784.0, 200)],
            Self::Done => &[(523.3, 140), (659.3, 140), (784.0, 260)],
            Self::Refused => &[(392.0, 220), (311.1, 320)],
        }
    }
}

/// Something that can be heard. A call may take as long as the sound does.
pub trait Loudspeaker: Send {
    /// Plays samples of [`SAMPLES_A_SECOND`], one channel.
    fn play(&mut self, samples: &[i16]) -> io::Result<()>;
}

/// Of one channel.
pub const SAMPLES_A_SECOND: u32 = 16_000;

/// The way to the loudspeaker's thread.
#[derive(Debug)]
pub struct Sounds(SyncSender<(Tone, Volume)>);

/// One sound may wait behind the one that is heard; a third would come too late to mean anything.
const MAXIMUM_WAITING: usize = 1;

impl Sounds {
    /// Starts the thread. It ends when this is dropped.
    pub fn start(mut loudspeaker: Box<dyn Loudspeaker>) -> io::Result<Self> {
        let (sender, waiting) = sync_channel::<(Tone, Volume)>(MAXIMUM_WAITING);
        thread::Builder::new().name("sound".to_owned()).spawn(move || play(&waiting, loudspeaker.as_mut()))?;
        Ok(Self(sender))
    }

    /// Plays a sound, unless others still wait.
    pub fn play(&self, tone: Tone, volume: Volume) {
        if volume == Volume::Off {
            return;
        }
        match self.0.try_send((tone, volume)) {
            Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }
}

fn play(waiting: &Receiver<(Tone, Volume)>, loudspeaker: &mut dyn Loudspeaker) {
    let mut was_heard = true;
    for (tone, volume) in waiting {
        let played = loudspeaker.play(&samples(tone, volume));
        // Said once, and not at every key.
        if let (Err(error), true) = (&played, was_heard) {
            tracing::warn!(%error, "the loudspeaker cannot be used; everything is seen all the same");
        }
        was_heard = played.is_ok();
    }
}

/// The waves of a tone, each note rising and falling softly.
pub fn samples(tone: Tone, volume: Volume) -> Vec<i16> {
    let loudness = match volume {
        Volume::Off => 0.0,
        Volume::Low => 0.12,
        Volume::Usual => 0.35,
        Volume::High => 0.9,
    };
    let note = |(pitch, milliseconds): &(f32, u32)| {
        let count = SAMPLES_A_SECOND * milliseconds / 1000;
        let turn = std::f32::consts::TAU * pitch / SAMPLES_A_SECOND as f32;
        let soft = (SAMPLES_A_SECOND / 100) as f32;
        (0..count)
            .map(move |at| {
                let edge = (at.min(count - at) as f32 / soft).min(1.0);
                ((at as f32 * turn).sin() * edge * loudness * f32::from(i16::MAX)) as i16
            })
            .collect::<Vec<_>>()
    };
    tone.tune().iter().flat_map(note).collect()
}

/// A program that plays what comes on its standard input as a WAV file.
#[derive(Debug)]
pub struct Player {
    /// The program and its arguments.
    pub command: Vec<String>,
}

impl Loudspeaker for Player {
    fn play(&mut self, samples: &[i16]) -> io::Result<()> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no program is named"));
        };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(&wav(samples)));
        let ended = child.wait()?;
        written?;
        if ended.success() { Ok(()) } else { Err(io::Error::other("the program that plays sounds ended badly")) }
    }
}

/// Nothing is heard.
#[derive(Debug)]
pub struct Silence;

impl Loudspeaker for Silence {
    fn play(&mut self, _: &[i16]) -> io::Result<()> {
        Ok(())
    }
}

/// A WAV file (RIFF, PCM, 16 bits, one channel).
fn wav(samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let length = data.len() as u32;
    let mut file = Vec::with_capacity(data.len() + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + length).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&[1, 0, 1, 0]);
    file.extend_from_slice(&SAMPLES_A_SECOND.to_le_bytes());
    file.extend_from_slice(&(SAMPLES_A_SECOND * 2).to_le_bytes());
    file.extend_from_slice(&[2, 0, 16, 0]);
    file.extend_from_slice(b"data");
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&data);
    file
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// A loudspeaker that tells what it was given.
    struct Ear(std::sync::mpsc::Sender<usize>);

    impl Loudspeaker for Ear {
        fn play(&mut self, samples: &[i16]) -> io::Result<()> {
            self.0.send(samples.len()).map_err(io::Error::other)?;
            Err(io::Error::other("broken all the same"))
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the ear is only listened to here")]
    fn ear() -> (Sounds, Receiver<usize>) {
        let (sender, heard) = channel();
        (Sounds::start(Box::new(Ear(sender))).unwrap(), heard)
    }

    #[test]
    fn a_broken_loudspeaker_is_asked_again_and_one_that_is_off_is_not() {
        let (sounds, heard) = ear();
        sounds.play(Tone::Alarm, Volume::Off);
        for tone in [Tone::Alarm, Tone::Key] {
            sounds.play(tone, Volume::Usual);
            assert_eq!(heard.recv().unwrap(), samples(tone, Volume::Usual).len());
        }
        drop(sounds);
        assert!(heard.recv().is_err(), "nothing else was heard, and the thread has ended");
    }

    #[test]
    fn a_louder_volume_is_louder_and_nothing_overflows() {
        let loudest = |volume| samples(Tone::Alarm, volume).into_iter().map(i16::unsigned_abs).max().unwrap();
        let volumes = [Volume::Off, Volume::Low, Volume::Usual, Volume::High].map(loudest);
        assert!(volumes.is_sorted() && volumes[0] == 0 && volumes[3] > 25_000, "{volumes:?}");
        assert!(volumes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_player_gets_a_file_that_says_its_length() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heard.wav");
        let command = ["sh".to_owned(), "-c".to_owned(), format!("cat >{}", file.display())];
        let tune = samples(Tone::Done, Volume::Low);
        Player { command: command.to_vec() }.play(&tune).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(&bytes[..4], b"RIFF");
        assert_eq!(bytes.len(), 44 + tune.len() * 2);
        assert_eq!(u32::from_le_bytes(bytes[40..44].try_into().unwrap()) as usize, tune.len() * 2);
        assert!(Player { command: vec!["no-such-program".to_owned()] }.play(&tune).is_err());
    }
}
