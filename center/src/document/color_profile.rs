//! The output intent's profile: an ICC profile (version 2.1) of an office printer's CMYK toner, made here.
//!
//! Our own estimate, so that nobody's characterisation is copied: sixteen colours of full toner, mixed by
//! the areas they cover (Neugebauer). It serves viewers; what is printed stays `DeviceCMYK`.

#![expect(clippy::indexing_slicing, reason = "tables of fixed size")]

/// The profile; always the same bytes.
pub fn office_toner() -> Vec<u8> {
    let to_lab = lut(&Lut { inputs: 4, outputs: 3, grid: TO_LAB_GRID, table: to_lab_table() });
    let to_cmyk = lut(&Lut { inputs: 3, outputs: 4, grid: TO_CMYK_GRID, table: to_cmyk_table() });
    let gamut = lut(&Lut { inputs: 3, outputs: 1, grid: 2, table: vec![0; 8] });
    let parts: [(&[&[u8; 4]], Vec<u8>); 6] = [
        (&[b"desc"], description()),
        (&[b"cprt"], text("Public domain (CC0 1.0)")),
        (&[b"wtpt"], white_point()),
        (&[b"A2B0", b"A2B1", b"A2B2"], to_lab),
        (&[b"B2A0", b"B2A1", b"B2A2"], to_cmyk),
        (&[b"gamt"], gamut),
    ];
    let count: usize = parts.iter().map(|(names, _)| names.len()).sum();
    let mut directory = (count as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = HEADER_BYTES + 4 + 12 * count;
    for (names, part) in &parts {
        for name in *names {
            directory.extend_from_slice(*name);
            directory.extend(((start + data.len()) as u32).to_be_bytes());
            directory.extend((part.len() as u32).to_be_bytes());
        }
        data.extend_from_slice(part);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = header((start + data.len()) as u32);
    profile.extend(directory);
    profile.extend(data);
    profile
}

const HEADER_BYTES: usize = 128;
const TO_LAB_GRID: usize = 5;
const TO_CMYK_GRID: usize = 9;

/// CIELAB of full toner under D50: bit 0 cyan, 1 magenta, 2 yellow, 3 black.
const PRIMARIES: [[f32; 3]; 16] = [
    [95.0, 0.0, -2.0],
    [55.0, -37.0, -50.0],
    [48.0, 74.0, -3.0],
    [24.0, 17.0, -46.0],
    [89.0, -5.0, 93.0],
    [50.0, -65.0, 27.0],
    [47.0, 68.0, 48.0],
    [23.0, 0.0, 0.0],
    [16.0, 0.0, 0.0],
    [12.0, -4.0, -6.0],
    [12.0, 6.0, 0.0],
    [10.0, 2.0, -5.0],
    [15.0, 0.0, 8.0],
    [11.0, -6.0, 2.0],
    [11.0, 5.0, 3.0],
    [9.0, 0.0, 0.0],
];

/// The colour of these amounts of toner, each 0 to 1.
pub(super) fn lab(cmyk: [f32; 4]) -> [f32; 3] {
    let mut color = [0.0; 3];
    for (inks, primary) in PRIMARIES.iter().enumerate() {
        let covered = |ink: usize| if inks >> ink & 1 == 1 { cmyk[ink] } else { 1.0 - cmyk[ink] };
        let area = covered(0) * covered(1) * covered(2) * covered(3);
        for (sum, value) in color.iter_mut().zip(primary) {
            *sum += area * value;
        }
    }
    color
}

/// The amounts of toner that come nearest to a colour; black takes over as it gets dark.
fn cmyk(target: [f32; 3]) -> [f32; 4] {
    let mut inks = [0.3, 0.3, 0.3, ((62.0 - target[0]) / 55.0).clamp(0.0, 1.0)];
    let distance = |inks: [f32; 4]| -> f32 { lab(inks).iter().zip(target).map(|(a, b)| (a - b) * (a - b)).sum() };
    let mut step = 0.3;
    while step > 0.004 {
        let before = distance(inks);
        for (ink, change) in (0..3).flat_map(|ink| [(ink, step), (ink, -step)]) {
            let mut other = inks;
            other[ink] = (other[ink] + change).clamp(0.0, 1.0);
            inks = if distance(other) < distance(inks) { other } else { inks };
        }
        if distance(inks) >= before {
            step /= 2.0;
        }
    }
    inks
}

fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn to_lab_table() -> Vec<u8> {
    nodes::<4>(TO_LAB_GRID)
        .flat_map(|node| {
            let [l, a, b] = lab(node);
            [byte(l * 2.55), byte(a + 128.0), byte(b + 128.0)]
        })
        .collect()
}

fn to_cmyk_table() -> Vec<u8> {
    nodes::<3>(TO_CMYK_GRID)
        .flat_map(|[l, a, b]| cmyk([l * 100.0, a * 255.0 - 128.0, b * 255.0 - 128.0]).map(|ink| byte(ink * 255.0)))
        .collect()
}

/// The nodes of a grid, the first channel slowest, each channel 0 to 1.
fn nodes<const N: usize>(grid: usize) -> impl Iterator<Item = [f32; N]> {
    (0..grid.pow(N as u32)).map(move |index| {
        std::array::from_fn(|channel| {
            let place = index / grid.pow((N - 1 - channel) as u32) % grid;
            place as f32 / (grid - 1) as f32
        })
    })
}

struct Lut {
    inputs: u8,
    outputs: u8,
    grid: usize,
    table: Vec<u8>,
}

/// `lut8Type` (ICC.1:2001-04 §6.5.7) with straight input and output curves.
fn lut(lut: &Lut) -> Vec<u8> {
    let mut bytes = b"mft1\0\0\0\0".to_vec();
    bytes.extend([lut.inputs, lut.outputs, lut.grid as u8, 0]);
    for index in 0..9_u32 {
        bytes.extend((if index.is_multiple_of(4) { ONE } else { 0 }).to_be_bytes());
    }
    for _ in 0..lut.inputs {
        bytes.extend(0..=255);
    }
    bytes.extend_from_slice(&lut.table);
    for _ in 0..lut.outputs {
        bytes.extend(0..=255);
    }
    bytes
}

/// One as a number of 16 bits before and 16 behind the point.
const ONE: u32 = 0x0001_0000;

fn header(size: u32) -> Vec<u8> {
    let mut bytes = size.to_be_bytes().to_vec();
    bytes.extend([0; 4]);
    bytes.extend(0x0210_0000_u32.to_be_bytes());
    bytes.extend(b"prtrCMYKLab ");
    for part in [2022_u16, 1, 1, 0, 0, 0] {
        bytes.extend(part.to_be_bytes());
    }
    bytes.extend(b"acsp");
    bytes.extend([0; 28]);
    // The illuminant D50 (ICC.1:2001-04 §6.1).
    for part in [0x0000_F6D6_u32, ONE, 0x0000_D32D] {
        bytes.extend(part.to_be_bytes());
    }
    bytes.resize(HEADER_BYTES, 0);
    bytes
}

/// `textDescriptionType`.
fn description() -> Vec<u8> {
    const NAME: &[u8] = b"Office CMYK toner (estimate)\0";
    let mut bytes = b"desc\0\0\0\0".to_vec();
    bytes.extend((NAME.len() as u32).to_be_bytes());
    bytes.extend(NAME);
    bytes.extend([0; 4 + 4 + 2 + 1 + 67]);
    bytes
}

fn text(content: &str) -> Vec<u8> {
    let mut bytes = b"text\0\0\0\0".to_vec();
    bytes.extend(content.bytes());
    bytes.push(0);
    bytes
}

/// Paper: L* 95, b* −2 as XYZ.
fn white_point() -> Vec<u8> {
    let mut bytes = b"XYZ \0\0\0\0".to_vec();
    for part in [0x0000_D8D4_u32, 0x0000_E02D, 0x0000_C24F] {
        bytes.extend(part.to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_an_output_profile_of_its_stated_size() {
        let profile = office_toner();
        assert_eq!(profile[..4], (profile.len() as u32).to_be_bytes());
        assert_eq!(&profile[12..24], b"prtrCMYKLab ");
        assert_eq!(&profile[36..40], b"acsp");
        assert_eq!(profile[128..132], 10_u32.to_be_bytes());
    }

    #[test]
    fn toner_found_for_a_color_gives_the_color() {
        for target in [[95.0, 0.0, -2.0], [60.0, 20.0, 10.0], [40.0, -20.0, -20.0], [30.0, 0.0, 0.0]] {
            let found = lab(cmyk(target));
            let distance: f32 = found.iter().zip(target).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
            assert!(distance < 4.0, "{target:?} {found:?}");
        }
    }

    #[test]
    fn no_toner_is_paper_and_black_is_dark() {
        assert!((lab([0.0; 4])[0] - 95.0).abs() < 0.01);
        assert!((lab([0.0, 0.0, 0.0, 1.0])[0] - 16.0).abs() < 0.01);
    }
}
