//! Coins and notes: what is taken, what stands ready as change, and how an amount is given back.

pub mod acceptor;

use serde::{Deserialize, Serialize};
use shared::domain::fee::Yen;

/// What the acceptor takes. Anything else falls through to the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denomination {
    /// 10-yen coin.
    Ten,
    /// 50-yen coin.
    Fifty,
    /// 100-yen coin.
    Hundred,
    /// 500-yen coin.
    FiveHundred,
    /// 1000-yen note.
    Thousand,
}

impl Denomination {
    /// All, the largest first. Each divides the one before it, so giving the largest possible first
    /// finds a way to give an amount whenever there is one.
    pub const DESCENDING: [Self; 5] = [Self::Thousand, Self::FiveHundred, Self::Hundred, Self::Fifty, Self::Ten];

    /// Its worth.
    pub const fn worth(self) -> Yen {
        Yen(match self {
            Self::Ten => 10,
            Self::Fifty => 50,
            Self::Hundred => 100,
            Self::FiveHundred => 500,
            Self::Thousand => 1000,
        })
    }

    /// The coin or note of this worth, if it is taken.
    pub fn of_worth(worth: u32) -> Option<Self> {
        Self::DESCENDING.into_iter().find(|denomination| denomination.worth().0 == worth)
    }
}

/// So many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Coins {
    /// 10-yen coins.
    pub tens: u16,
    /// 50-yen coins.
    pub fifties: u16,
    /// 100-yen coins.
    pub hundreds: u16,
    /// 500-yen coins.
    pub five_hundreds: u16,
    /// 1000-yen notes.
    pub thousands: u16,
}

impl Coins {
    /// A hopper as it is filled in the morning.
    pub const FILLED: Self = Self { tens: 200, fifties: 100, hundreds: 200, five_hundreds: 50, thousands: 0 };

    /// One of a kind.
    pub fn one(denomination: Denomination) -> Self {
        let mut coins = Self::default();
        *coins.count_mut(denomination) = 1;
        coins
    }

    /// An amount in the fewest coins and notes there are; a rest below ten yen is not money here.
    pub fn worth(amount: Yen) -> Self {
        let mut rest = amount.0;
        let mut coins = Self::default();
        for denomination in Denomination::DESCENDING {
            *coins.count_mut(denomination) = (rest / denomination.worth().0) as u16;
            rest %= denomination.worth().0;
        }
        coins
    }

    /// What they are worth together: at most five times 65,535,000, which fits.
    pub fn total(&self) -> Yen {
        Yen(Denomination::DESCENDING.into_iter().map(|d| d.worth().0 * u32::from(self.count(d))).sum())
    }

    /// Both together; `None` where a count does not fit.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        self.combined(other, u16::checked_add)
    }

    /// What remains; `None` where `other` has more of a kind.
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.combined(other, u16::checked_sub)
    }

    /// What is left of these where so many of each are missing.
    #[must_use]
    pub fn without(&self, missing: &Self) -> Self {
        let mut coins = Self::default();
        for denomination in Denomination::DESCENDING {
            *coins.count_mut(denomination) = self.count(denomination).saturating_sub(missing.count(denomination));
        }
        coins
    }

    /// Coins out of these that make up exactly the amount; `None` where there are none.
    pub fn making(&self, amount: Yen) -> Option<Self> {
        let mut rest = amount.0;
        let mut chosen = Self::default();
        for denomination in Denomination::DESCENDING {
            let worth = denomination.worth().0;
            let count = (rest / worth).min(u32::from(self.count(denomination)));
            *chosen.count_mut(denomination) = count as u16;
            rest -= count * worth;
        }
        (rest == 0).then_some(chosen)
    }

    const fn count(&self, denomination: Denomination) -> u16 {
        match denomination {
            Denomination::Ten => self.tens,
            Denomination::Fifty => self.fifties,
            Denomination::Hundred => self.hundreds,
            Denomination::FiveHundred => self.five_hundreds,
            Denomination::Thousand => self.thousands,
        }
    }

    const fn count_mut(&mut self, denomination: Denomination) -> &mut u16 {
        match denomination {
            Denomination::Ten => &mut self.tens,
            Denomination::Fifty => &mut self.fifties,
            Denomination::Hundred => &mut self.hundreds,
            Denomination::FiveHundred => &mut self.five_hundreds,
            Denomination::Thousand => &mut self.thousands,
        }
    }

    fn combined(&self, other: &Self, combine: fn(u16, u16) -> Option<u16>) -> Option<Self> {
        let mut coins = Self::default();
        for denomination in Denomination::DESCENDING {
            *coins.count_mut(denomination) = combine(self.count(denomination), other.count(denomination))?;
        }
        Some(coins)
    }
}

/// What a payment does to the hopper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// What comes back at once.
    pub change: Coins,
    /// What comes back if nothing can be printed: the fee, out of what is then in the hopper.
    pub refund: Coins,
    /// The hopper after the change.
    pub hopper: Coins,
}

impl Settlement {
    /// Settles a fee with what was inserted.
    ///
    /// `None` where the hopper cannot give the change, or could not give the fee back afterwards: then the
    /// money must not be taken.
    pub fn of(hopper: &Coins, inserted: &Coins, fee: Yen) -> Option<Self> {
        let full = hopper.plus(inserted)?;
        let change = full.making(inserted.total().minus(fee)?)?;
        let hopper = full.minus(&change)?;
        let refund = hopper.making(fee)?;
        Some(Self { change, refund, hopper })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_coins(most: u16) -> impl Strategy<Value = Coins> {
        [0..most, 0..most, 0..most, 0..most, 0..most].prop_map(|[tens, fifties, hundreds, five_hundreds, thousands]| {
            Coins { tens, fifties, hundreds, five_hundreds, thousands }
        })
    }

    /// Tries every way: the slow truth that the quick way is compared with.
    fn can_be_made(coins: &Coins, amount: u32) -> bool {
        let mut sums = std::collections::BTreeSet::from([0]);
        for denomination in Denomination::DESCENDING {
            let worth = denomination.worth().0;
            sums = sums
                .iter()
                .flat_map(|sum| (0..=u32::from(coins.count(denomination))).map(move |count| sum + count * worth))
                .filter(|sum| *sum <= amount)
                .collect();
        }
        sums.contains(&amount)
    }

    #[test]
    fn only_five_kinds_are_taken() {
        let taken: Vec<u32> = (0..=10_000).filter(|worth| Denomination::of_worth(*worth).is_some()).collect();
        assert_eq!(taken, [10, 50, 100, 500, 1000]);
    }

    #[test]
    fn change_for_a_note_comes_out_of_the_hopper() {
        let change = Coins::FILLED.making(Yen(880)).unwrap();
        assert_eq!(change, Coins { five_hundreds: 1, hundreds: 3, fifties: 1, tens: 3, thousands: 0 });
        assert_eq!(Coins { tens: 2, fifties: 1, ..Coins::default() }.making(Yen(80)), None);
    }

    #[test]
    fn a_fee_that_could_not_be_given_back_is_not_taken() {
        let hopper = Coins { five_hundreds: 1, hundreds: 3, fifties: 1, tens: 3, thousands: 0 };
        assert_eq!(Settlement::of(&hopper, &Coins::one(Denomination::Thousand), Yen(120)), None);
        assert!(Settlement::of(&Coins::FILLED, &Coins::one(Denomination::Thousand), Yen(120)).is_some());
    }

    proptest! {
        #[test]
        fn a_settlement_loses_no_coin(hopper in any_coins(8), inserted in any_coins(3), copies in 1_u32..=5) {
            let fee = Yen(copies * 120);
            if let Some(settlement) = Settlement::of(&hopper, &inserted, fee) {
                let full = hopper.plus(&inserted).unwrap();
                prop_assert_eq!(settlement.hopper.plus(&settlement.change).unwrap(), full);
                prop_assert_eq!(settlement.change.total(), inserted.total().minus(fee).unwrap());
                prop_assert_eq!(settlement.refund.total(), fee);
            }
        }

        #[test]
        fn change_is_exact_and_found_whenever_it_can_be_made(coins in any_coins(5), tens in 0_u32..200) {
            let amount = tens * 10;
            match coins.making(Yen(amount)) {
                Some(change) => {
                    prop_assert_eq!(change.total(), Yen(amount));
                    prop_assert!(coins.minus(&change).is_some());
                }
                None => prop_assert!(!can_be_made(&coins, amount)),
            }
        }
    }
}
