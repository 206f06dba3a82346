//! Labels as PNG.

use crate::domain::seller::DocumentFormat::Png;
use crate::print::{LabelFault, inspect};
use png::{BitDepth, ColorType, Encoder};

const WIDTH: u32 = 400;
const HEIGHT: u32 = 600;

fn picture(color: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        encoder.set_palette(vec![255, 255, 255, 0, 0, 0]);
    }
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(data))
        .expect("in memory");
    bytes
}

/// White, with bars in the lower half.
fn gray() -> Vec<u8> {
    (0..HEIGHT)
        .flat_map(|y| {
            (0..WIDTH).map(move |x| {
                if (350..500).contains(&y) && x % 7 < 3 {
                    0
                } else {
                    255
                }
            })
        })
        .collect()
}

pub(super) fn label() -> Vec<u8> {
    picture(ColorType::Grayscale, BitDepth::Eight, &gray())
}

pub(super) fn one_colour() -> Vec<u8> {
    picture(
        ColorType::Grayscale,
        BitDepth::Eight,
        &vec![255; (WIDTH * HEIGHT) as usize],
    )
}

#[test]
fn labels_of_every_colour_type_pass() {
    assert_eq!(inspect(Png, &label()), Ok(()));
    let spread = |each: fn(u8) -> Vec<u8>| gray().into_iter().flat_map(each).collect::<Vec<u8>>();
    for (color, data) in [
        (ColorType::Rgb, spread(|gray| vec![gray; 3])),
        (ColorType::Rgba, spread(|gray| vec![gray, gray, gray, 255])),
        (ColorType::GrayscaleAlpha, spread(|gray| vec![gray, 255])),
        (ColorType::Indexed, spread(|gray| vec![u8::from(gray == 0)])),
    ] {
        assert_eq!(
            inspect(Png, &picture(color, BitDepth::Eight, &data)),
            Ok(()),
            "{color:?}"
        );
    }
    let bits: Vec<u8> = gray()
        .chunks(8)
        .map(|dots| dots.iter().fold(0, |byte, dot| byte << 1 | u8::from(*dot > 0)))
        .collect();
    assert_eq!(
        inspect(Png, &picture(ColorType::Grayscale, BitDepth::One, &bits)),
        Ok(())
    );
}

#[test]
fn one_colour_is_blank_whichever_it_is() {
    assert_eq!(
        inspect(Png, &one_colour()),
        Err(LabelFault::Blank("the picture has one colour"))
    );
    for (color, samples) in [
        (ColorType::Grayscale, 1),
        (ColorType::Rgb, 3),
        (ColorType::Rgba, 4),
    ] {
        for value in [0, 200] {
            let data = vec![value; (WIDTH * HEIGHT) as usize * samples];
            let verdict = inspect(Png, &picture(color, BitDepth::Eight, &data));
            assert!(matches!(verdict, Err(LabelFault::Blank(_))), "{color:?} {value}");
        }
    }
}

#[test]
fn a_speck_or_a_black_sheet_is_blank_too() {
    let mut speck = vec![255; (WIDTH * HEIGHT) as usize];
    speck[..300].fill(0);
    let verdict = inspect(Png, &picture(ColorType::Grayscale, BitDepth::Eight, &speck));
    assert_eq!(
        verdict,
        Err(LabelFault::Blank("the picture shows next to nothing"))
    );
    let mut black = vec![0; (WIDTH * HEIGHT) as usize];
    black[..300].fill(255);
    assert!(inspect(Png, &picture(ColorType::Grayscale, BitDepth::Eight, &black)).is_err());
    // Black, and wholly transparent.
    let clear: Vec<u8> = gray().into_iter().flat_map(|gray| [gray, 0]).collect();
    assert!(inspect(Png, &picture(ColorType::GrayscaleAlpha, BitDepth::Eight, &clear)).is_err());
}

#[test]
fn a_picture_cut_in_its_data_is_cut_off() {
    let label = label();
    let data = label.windows(4).position(|name| name == b"IDAT").expect("data") + 4;
    for cut in [data + 10, label.len() - 20, label.len() - 12, label.len() - 5] {
        assert!(
            matches!(inspect(Png, &label[..cut]), Err(LabelFault::Truncated(_))),
            "cut at {cut}"
        );
    }
    // A byte turned over within the data.
    let mut turned = label;
    turned[data + 20] ^= 0xff;
    assert!(matches!(inspect(Png, &turned), Err(LabelFault::Damaged(_))));
}

#[test]
fn a_picture_larger_than_any_label_is_not_unpacked() {
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, 200_000, 200_000);
    drop(encoder.write_header().expect("in memory"));
    assert!(inspect(Png, &bytes).is_err());
}
