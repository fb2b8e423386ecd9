//! The special functions behind the tests and intervals.
//!
//! From `special` with its feature `no_std` alone: then it takes every logarithm and exponential from
//! `libm`, and native code and the browser agree. `statrs`, `puruspe` and `spec_math` take them from the
//! standard library, whose last bits differ from one platform to the next.

use libm::{erfc, fabs, lgamma, log};
use special::{Beta as _, Gamma as _};

use super::Z_95;

/// The probability that a standard normal value is larger than `z`.
pub(super) fn normal_above(z: f64) -> f64 {
    erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// The probability that a standard normal value lies further from zero than `z`, on either side.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    2.0 * normal_above(fabs(z))
}

/// The probability that a χ² value of so many degrees of freedom is larger than `statistic`. Good to
/// 1e-12 absolute up to a hundred degrees of freedom, so that below it nothing is told apart from 0.
pub(super) fn chi_square_above(statistic: f64, degrees_of_freedom: f64) -> f64 {
    (1.0 - (statistic / 2.0).inc_gamma(degrees_of_freedom / 2.0)).clamp(0.0, 1.0)
}

/// What the logarithm of `n!` has beyond Stirling's formula `(n + ½) ln n − n + ½ ln 2π`, for `n ≥ 1`.
/// Good to 1e-14 absolute.
pub(super) fn stirling_error(n: f64) -> f64 {
    const HALF_LN_2_PI: f64 = 0.918_938_533_204_672_7;
    if n < 16.0 {
        return lgamma(n + 1.0) - (n + 0.5) * log(n) + n - HALF_LN_2_PI;
    }
    // NIST DLMF 5.11.1; the next term is below 2e-14 from 16 on.
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / n
}

/// The 97.5 % quantile of Student's t for 1 degree of freedom or more, whole or not. Good to 1e-9
/// relative.
pub(super) fn student_975(degrees_of_freedom: f64) -> f64 {
    // The incomplete beta function takes ever longer with more degrees; the expansion gets ever better.
    const EXPANDED_FROM: f64 = 100.0;
    if degrees_of_freedom < EXPANDED_FROM {
        student_975_bisected(degrees_of_freedom.max(1.0))
    } else {
        student_975_expanded(degrees_of_freedom)
    }
}

/// By bisection of the distribution (M. Abramowitz & I. A. Stegun, "Handbook of Mathematical
/// Functions", 1964, 26.7.1).
fn student_975_bisected(freedom: f64) -> f64 {
    let ln_beta = lgamma(freedom / 2.0) + lgamma(0.5) - lgamma(freedom / 2.0 + 0.5);
    let beyond = |t: f64| (freedom / (freedom + t * t)).inc_beta(freedom / 2.0, 0.5, ln_beta);
    // The quantile of one degree of freedom is 12.71, that of infinitely many is the normal one.
    let (mut low, mut high) = (Z_95, 13.0);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if beyond(middle) > 0.05 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// By the expansion around the normal quantile (Abramowitz & Stegun, 26.7.5).
fn student_975_expanded(freedom: f64) -> f64 {
    let z = Z_95;
    let square = z * z;
    let terms = [
        (square + 1.0) / 4.0,
        ((5.0 * square + 16.0) * square + 3.0) / 96.0,
        (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0,
        ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92_160.0,
    ];
    let sum = terms.into_iter().rev().fold(0.0, |sum, term| (sum + term) / freedom);
    z * (1.0 + sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs().max(1.0), "{value} is not {expected}");
    }

    // Two and four degrees of freedom have closed forms, one is the square of a normal value.
    #[test]
    fn tails_are_those_of_the_closed_forms() {
        for x in [0.0, 1e-9, 0.3, 1.0, 1.99, 2.0, 2.01, 7.5, 40.0, 1e4, 1e10] {
            near(chi_square_above(x, 2.0), libm::exp(-x / 2.0), 1e-13);
            near(chi_square_above(x, 4.0), libm::exp(-x / 2.0) * (1.0 + x / 2.0), 1e-13);
            near(chi_square_above(x, 1.0), normal_two_sided(x.sqrt()), 1e-13);
        }
        near(normal_two_sided(0.0), 1.0, 0.0);
        near(normal_two_sided(-Z_95), 0.05, 1e-15);
    }

    #[test]
    fn factorials_are_those_of_multiplication() {
        let mut ln_factorial = 0.0;
        for n in 1..200 {
            let n = f64::from(n);
            ln_factorial += log(n);
            let stirling = (n + 0.5) * log(n) - n + 0.5 * log(std::f64::consts::TAU);
            near(stirling + stirling_error(n), ln_factorial, 1e-13);
        }
    }

    // One degree of freedom is Cauchy's distribution, two have a closed form; the others were found with 40
    // digits (mpmath 1.4, the root of its incomplete beta function), around where the expansion begins.
    #[test]
    fn quantiles_of_t_are_right() {
        near(student_975(1.0), libm::tan(std::f64::consts::PI * 0.475), 1e-13);
        near(student_975(1.5), 6.016_663_104_427_932, 1e-13);
        near(student_975(2.0), 0.95 * (2.0_f64 / (1.0 - 0.95 * 0.95)).sqrt(), 1e-13);
        near(student_975(7.3), 2.345_066_736_547_703_5, 1e-13);
        near(student_975(99.9), 1.983_995_838_076_939, 1e-13);
        near(student_975(100.0), 1.983_971_518_523_552_3, 1e-10);
        near(student_975(1000.0), 1.962_339_080_826_408_5, 1e-13);
        near(student_975(f64::INFINITY), Z_95, 0.0);
    }
}
