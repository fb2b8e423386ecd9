//! The special functions behind the tests and intervals.
//!
//! The crates that offer them (`statrs`, `special`, `puruspe`) take logarithms and exponentials from
//! the standard library, whose last bits differ from one platform to the next; these take them from
//! `libm` and give the same bits natively and in the browser.

#![expect(clippy::many_single_char_names, reason = "the letters that the formulas have in the literature")]

use libm::{erfc, exp, fabs, lgamma, log, log1p};

/// Terms of a series or fraction are added until they no longer matter; so many at most.
const MOST_TERMS: usize = 20_000;
const NEGLIGIBLE: f64 = 1e-16;
/// Stands for a denominator of zero in Lentz's method.
const TINY: f64 = 1e-300;

/// The probability that a standard normal value lies further from zero than `z`, on either side.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    erfc(fabs(z) / std::f64::consts::SQRT_2)
}

/// The logarithm of the beta function.
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    lgamma(a) + lgamma(b) - lgamma(a + b)
}

/// The regularised incomplete beta function, by its continued fraction (NIST DLMF 8.17.22), evaluated
/// by Lentz's method (I. J. Thompson & A. R. Barnett, J. Comput. Phys. 64, 1986). Good to about 1e-8
/// for parameters up to some millions.
pub(super) fn beta_regularised(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = exp(a * log(x) + b * log1p(-x) - ln_beta(a, b));
    // The fraction converges quickly on this side only.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..MOST_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let step = d * c;
        value *= step;
        if fabs(step - 1.0) < NEGLIGIBLE {
            break;
        }
    }
    value
}

fn away_from_zero(value: f64) -> f64 {
    if fabs(value) < TINY { TINY } else { value }
}

/// The upper regularised incomplete gamma function, by its series below `a + 1` (NIST DLMF 8.11.4) and
/// its continued fraction above (8.9.2).
pub(super) fn gamma_upper_regularised(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let front = exp(a * log(x) - x - lgamma(a));
    if x < a + 1.0 { 1.0 - front * gamma_series(a, x) } else { front * gamma_fraction(a, x) }
}

fn gamma_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for n in 1..MOST_TERMS {
        term *= x / (a + n as f64);
        sum += term;
        if term < sum * NEGLIGIBLE {
            break;
        }
    }
    sum
}

fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / away_from_zero(b);
    let mut value = d;
    for n in 1..MOST_TERMS {
        let n = n as f64;
        let numerator = n * (a - n);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        let step = d * c;
        value *= step;
        if fabs(step - 1.0) < NEGLIGIBLE {
            break;
        }
    }
    value
}

/// The 97.5 % quantile of Student's t for any number of degrees of freedom above zero, by bisection.
pub(super) fn student_975(degrees_of_freedom: f64) -> f64 {
    // The probability beyond t on both sides (NIST DLMF 8.17(ii) with the substitution for t).
    let beyond =
        |t: f64| beta_regularised(degrees_of_freedom / (degrees_of_freedom + t * t), degrees_of_freedom / 2.0, 0.5);
    let (mut low, mut high) = (1.0, 2.0);
    while beyond(high) > 0.05 && high < 1e12 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = low + (high - low) / 2.0;
        if beyond(middle) > 0.05 { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs().max(1.0), "{value} is not {expected}");
    }

    // Expected values: closed forms, and tables of the t distribution.
    #[test]
    fn closed_forms_are_met() {
        near(beta_regularised(0.3, 1.0, 1.0), 0.3);
        near(beta_regularised(0.3, 2.0, 1.0), 0.09);
        near(beta_regularised(0.3, 1.0, 3.0), 1.0 - 0.7 * 0.7 * 0.7);
        // Here logarithms of factorials of millions cancel.
        assert!((beta_regularised(0.5, 2_000_000.0, 2_000_000.0) - 0.5).abs() < 1e-8);
        near(gamma_upper_regularised(1.0, 2.5), libm::exp(-2.5));
        near(gamma_upper_regularised(0.5, 4.0), libm::erfc(2.0));
        near(gamma_upper_regularised(2.0, 0.5), 1.5 * libm::exp(-0.5));
        near(normal_two_sided(0.0), 1.0);
    }

    #[test]
    fn quantiles_of_t_are_those_of_the_tables() {
        // One degree of freedom is Cauchy's distribution, two have a closed form.
        assert!((student_975(1.0) - libm::tan(std::f64::consts::PI * 0.475)).abs() < 1e-7);
        assert!((student_975(2.0) - 0.95 * libm::sqrt(2.0 / (1.0 - 0.95 * 0.95))).abs() < 1e-9);
        assert!((student_975(10.0) - 2.228_138_85).abs() < 1e-7);
        assert!((student_975(1e6) - 1.959_966).abs() < 2e-6);
    }
}
