//! Colours.

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// Red, green and blue.
    pub rgb: (u8, u8, u8),
    /// Opacity, 0–1.
    pub alpha: f64,
}

impl Color {
    /// An opaque colour from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        Self { rgb: ((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8), alpha: 1.0 }
    }

    /// The same colour, more or less opaque.
    #[must_use]
    pub const fn with_alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// The opaque colour that this one gives over an opaque other.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let mix =
            |top: u8, under: u8| (f64::from(top) * self.alpha + f64::from(under) * (1.0 - self.alpha)).round() as u8;
        let (top, under) = (self.rgb, below.rgb);
        Self { rgb: (mix(top.0, under.0), mix(top.1, under.1), mix(top.2, under.2)), alpha: 1.0 }
    }

    /// Reads `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(r, g, b)` and `rgba(r, g, b, a)`, the forms in
    /// which browsers give back colours.
    pub fn parse(css: &str) -> Option<Self> {
        let css = css.trim();
        if let Some(digits) = css.strip_prefix('#') {
            return Self::parse_hex(digits);
        }
        let inner = css.strip_prefix("rgba(").or_else(|| css.strip_prefix("rgb("))?.strip_suffix(')')?;
        let mut parts = inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).map(decimal);
        let mut byte = || parts.next()?.map(|value| value.min(255.0) as u8);
        let rgb = (byte()?, byte()?, byte()?);
        let alpha = parts.next().unwrap_or(Some(1.0))?;
        Some(Self { rgb, alpha: alpha.min(1.0) })
    }

    fn parse_hex(digits: &str) -> Option<Self> {
        let value = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            3 => {
                let wide = |shift: u32| (value >> shift & 0xf) * 0x11;
                Some(Self::hex(wide(8) << 16 | wide(4) << 8 | wide(0)))
            }
            6 => Some(Self::hex(value)),
            8 => Some(Self::hex(value >> 8).with_alpha(f64::from(value & 0xff) / 255.0)),
            _ => None,
        }
    }
}

/// A number like `12` or `0.5`. The standard library's reader knows every number there is, by tables
/// of 10 KB that a page would download for a colour's opacity.
fn decimal(text: &str) -> Option<f64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u32>().ok()? };
    let fraction = fraction.get(..6).unwrap_or(fraction);
    let places: f64 = fraction.bytes().map(|_| 10.0).product();
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<u32>().ok()? };
    Some(f64::from(whole) + f64::from(fraction) / places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_forms_are_read() {
        assert_eq!(Color::parse(" #2456c4"), Some(Color::hex(0x0024_56c4)));
        assert_eq!(Color::parse("#fff"), Some(Color::hex(0x00ff_ffff)));
        assert_eq!(Color::parse("rgb(36, 86, 196)"), Some(Color::hex(0x0024_56c4)));
        assert_eq!(Color::parse("rgba(0, 0, 0, 0.5)"), Some(Color::hex(0).with_alpha(0.5)));
        assert_eq!(Color::parse("rgb(36.4 86 196 / .25)"), Some(Color::hex(0x0024_56c4).with_alpha(0.25)));
        assert_eq!(
            Color::parse("rgba(300, 0, 0, 0.333333333333)"),
            Some(Color::hex(0x00ff_0000).with_alpha(0.333_333))
        );
        for bad in
            ["rgb(1,2,-3)", "rgb(1,2,3,.+5)", "rgb(1,2,3,1e-1)", "", "#12", "#ggg", "red", "rgb(1,2)", "rgba(1,2,3,x)"]
        {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
    }
}
