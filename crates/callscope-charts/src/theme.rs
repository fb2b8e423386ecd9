//! The colours and the typeface of charts.

use callscope_core::calls::Outcome;

use crate::Color;

/// The tokens that a chart draws with. In the browser they are read from the page, so that a host
/// can set them; [`Theme::light`] and [`Theme::dark`] are the ones of the product.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Families, as in CSS.
    pub font_family: String,
    /// Behind everything.
    pub card: Color,
    /// Lines that separate.
    pub line: Color,
    /// The grid.
    pub grid: Color,
    /// Titles and figures.
    pub ink: Color,
    /// Texts of less weight.
    pub second: Color,
    /// Labels of axes.
    pub third: Color,
    /// The first series.
    pub accent: Color,
    /// Calls that the agent settled.
    pub resolved: Color,
    /// Calls handed to a person.
    pub transferred: Color,
    /// Calls given up.
    pub abandoned: Color,
    /// Other calls.
    pub other: Color,
    /// A change for the better, as a mark and as a text on the card.
    pub better: Color,
    /// A change for the worse, as a mark and as a text on the card.
    pub worse: Color,
}

impl Theme {
    const FAMILY: &str = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

    /// Dark ink on a white card.
    pub fn light() -> Self {
        Self {
            font_family: Self::FAMILY.to_owned(),
            card: Color::hex(0x00ff_ffff),
            line: Color::hex(0x00e3_e6eb),
            grid: Color::hex(0x00ec_eff3),
            ink: Color::hex(0x0014_181f),
            second: Color::hex(0x004b_5563),
            third: Color::hex(0x006b_7280),
            accent: Color::hex(0x0024_56c4),
            resolved: Color::hex(0x001b_7f6b),
            transferred: Color::hex(0x00b8_6e00),
            abandoned: Color::hex(0x00c0_392b),
            other: Color::hex(0x008b_93a1),
            better: Color::hex(0x0015_7347),
            worse: Color::hex(0x00b4_2318),
        }
    }

    /// Light ink on a dark card.
    pub fn dark() -> Self {
        Self {
            font_family: Self::FAMILY.to_owned(),
            card: Color::hex(0x0016_1a21),
            line: Color::hex(0x0026_2c36),
            grid: Color::hex(0x0022_2832),
            ink: Color::hex(0x00e8_ebf0),
            second: Color::hex(0x00b3_bac6),
            third: Color::hex(0x008a_93a2),
            accent: Color::hex(0x0086_a9ff),
            resolved: Color::hex(0x004c_c2a5),
            transferred: Color::hex(0x00e6_a23c),
            abandoned: Color::hex(0x00f0_736a),
            other: Color::hex(0x007d_8797),
            better: Color::hex(0x005f_d08d),
            worse: Color::hex(0x00ff_8a80),
        }
    }

    /// The colour of an outcome.
    pub fn outcome(&self, outcome: Outcome) -> Color {
        match outcome {
            Outcome::Resolved => self.resolved,
            Outcome::Transferred => self.transferred,
            Outcome::Abandoned => self.abandoned,
            Outcome::Other => self.other,
        }
    }
}
