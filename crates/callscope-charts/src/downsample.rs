//! Fewer points than pixels: first, smallest, largest and last of each pixel column.
//!
//! This keeps every extreme and every entry and exit of a column, so that the drawn line covers the
//! same pixels as the full one (Jugel et al., "M4", PVLDB 7(10), 2014).

use crate::Point;

/// Reduces a line whose points run from left to right to at most four points per pixel column.
pub(crate) fn reduced(points: &[Point]) -> Vec<Point> {
    let mut out = Vec::new();
    for column in points.chunk_by(|a, b| a.x.floor().total_cmp(&b.x.floor()).is_eq()) {
        if column.len() <= 4 {
            out.extend_from_slice(column);
            continue;
        }
        let extreme = |better: fn(f64, f64) -> bool| {
            let mut best = 0;
            for (i, point) in column.iter().enumerate() {
                if column.get(best).is_some_and(|held| better(point.y, held.y)) {
                    best = i;
                }
            }
            best
        };
        let mut kept = [0, extreme(|a, b| a < b), extreme(|a, b| a > b), column.len() - 1];
        kept.sort_unstable();
        let mut before = None;
        for i in kept {
            if before != Some(i) {
                out.extend(column.get(i).copied());
            }
            before = Some(i);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_survive() {
        let points: Vec<_> = (0..1000)
            .map(|i| Point { x: f64::from(i) / 100.0, y: if i == 555 { -50.0 } else { f64::from(i % 7) } })
            .collect();
        let few = reduced(&points);
        assert!(few.len() <= 4 * 10, "{}", few.len());
        assert!(few.iter().any(|point| point.y < -49.0));
        assert_eq!((few.first(), few.last()), (points.first(), points.last()));
        assert!(few.is_sorted_by(|a, b| a.x <= b.x));
    }

    #[test]
    fn sparse_lines_are_left_alone() {
        let points = [Point { x: 0.0, y: 1.0 }, Point { x: 10.0, y: 2.0 }];
        assert_eq!(reduced(&points), points);
        assert!(reduced(&[]).is_empty());
    }
}
