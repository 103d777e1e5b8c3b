//! How somebody wants to see, hear and type: chosen at any step, forgotten with the dialogue.

/// Everything that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comfort {
    /// How large the text is.
    pub text: TextSize,
    /// How strongly it stands out.
    pub contrast: Contrast,
    /// How loud sounds are.
    pub volume: Volume,
    /// Where the digits of the keypad lie.
    pub keypad: KeyOrder,
    /// How long the terminal waits.
    pub pace: Pace,
}

/// One choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// How large the text is.
    Text(TextSize),
    /// How strongly it stands out.
    Contrast(Contrast),
    /// How loud sounds are.
    Volume(Volume),
    /// Where the digits of the keypad lie.
    Keypad(KeyOrder),
    /// How long the terminal waits.
    Pace(Pace),
}

/// How large the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextSize {
    /// As it was drawn.
    #[default]
    Usual,
    /// Half as large again.
    Large,
    /// Twice as large.
    Double,
}

impl TextSize {
    /// From small to large.
    pub const ALL: [Self; 3] = [Self::Usual, Self::Large, Self::Double];

    /// Of the usual size.
    pub const fn factor(self) -> f32 {
        match self {
            Self::Usual => 1.0,
            Self::Large => 1.5,
            Self::Double => 2.0,
        }
    }

    /// Of the usual size, for headings: they are large already, and broken words are harder to read than smaller ones.
    pub const fn heading_factor(self) -> f32 {
        match self {
            Self::Usual => 1.0,
            Self::Large => 1.25,
            Self::Double => 1.5,
        }
    }

    /// How much more height the keys around a screen get for it.
    pub const fn room(self) -> f32 {
        match self {
            Self::Usual => 1.0,
            Self::Large => 1.12,
            Self::Double => 1.25,
        }
    }
}

/// How strongly text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contrast {
    /// Seven to one.
    #[default]
    Usual,
    /// White and yellow on black.
    High,
}

/// How loud sounds are. Each has a twin that can be seen, at every volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Volume {
    /// Nothing is heard.
    Off,
    /// Low.
    Low,
    /// As in a shop.
    #[default]
    Usual,
    /// Loud.
    High,
}

/// Where the digits of the keypad lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyOrder {
    /// As on a telephone: hands that know it find them without looking.
    #[default]
    Telephone,
    /// Anew for every PIN: a finger that is watched tells nothing.
    Shuffled,
}

/// How long the terminal waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// A minute for each screen, and another with each touch.
    #[default]
    Usual,
    /// [`UNHURRIED_TIMES`] as long.
    Unhurried,
}

/// How often an unhurried dialogue goes on by itself before it warns.
pub const UNHURRIED_TIMES: u32 = 10;

impl Comfort {
    /// With another choice.
    #[must_use]
    pub const fn with(self, choice: Choice) -> Self {
        match choice {
            Choice::Text(text) => Self { text, ..self },
            Choice::Contrast(contrast) => Self { contrast, ..self },
            Choice::Volume(volume) => Self { volume, ..self },
            Choice::Keypad(keypad) => Self { keypad, ..self },
            Choice::Pace(pace) => Self { pace, ..self },
        }
    }

    /// Whether this is what is chosen.
    pub fn has(self, choice: Choice) -> bool {
        self.with(choice) == self
    }
}
