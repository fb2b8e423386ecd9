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
        let mut parts = inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
        let mut byte = || parts.next()?.ok().map(|value| value.clamp(0.0, 255.0) as u8);
        let rgb = (byte()?, byte()?, byte()?);
        let alpha = parts.next().map_or(Some(1.0), Result::ok)?;
        Some(Self { rgb, alpha: alpha.clamp(0.0, 1.0) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_forms_are_read() {
        assert_eq!(Color::parse(" #2456c4"), Some(Color::hex(0x0024_56c4)));
        assert_eq!(Color::parse("#fff"), Some(Color::hex(0x00ff_ffff)));
        assert_eq!(Color::parse("rgb(36, 86, 196)"), Some(Color::hex(0x0024_56c4)));
        assert_eq!(Color::parse("rgba(0, 0, 0, 0.5)"), Some(Color::hex(0).with_alpha(0.5)));
        for bad in ["", "#12", "#ggg", "red", "rgb(1,2)", "rgba(1,2,3,x)"] {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
    }
}
