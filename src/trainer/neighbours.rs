//! Which tokens are alike, told by the text itself: tokens that have the same neighbours lie together.
//!
//! Clustered and dispersed hash layers want the token embeddings of a trained model (Roller et al. 2021, arXiv:2106.04426).
//! A run that begins here has none, so a token's embedding is made of the square roots of how often each token follows it
//! and comes before it, as shares. Distances between those are Hellinger distances (Lebret and Collobert 2014, "Word
//! Embeddings through Hellinger PCA", arXiv:1312.5542). Where they take principal components, random signs bring the 2 V
//! numbers down to [`WIDTH`] here, which keeps distances too, about (Achlioptas 2003, "Database-friendly random
//! projections"), needs no solver, and is the same on every machine.

use crate::random::Random;
use crate::train::domain::Domain;

/// Numbers in an embedding: as many as a random number has bits, each one a sign.
pub const WIDTH: usize = u64::BITS as usize;

/// The embeddings of all tokens, [V * WIDTH]. A token that never occurs has none: all zeros.
pub fn embeddings(domains: &[Domain], vocabulary: usize) -> Vec<f32> {
    let known = |id: u16| usize::from(id) < vocabulary;
    let pairs = domains.iter().flat_map(|domain| domain.ids.windows(2));
    let mut pairs: Vec<(u16, u16)> = pairs
        .filter_map(|pair| match pair {
            &[left, right] if known(left) && known(right) => Some((left, right)),
            _ => None,
        })
        .collect();
    pairs.sort_unstable();
    let (mut followed, mut preceded) = (vec![0_u32; vocabulary], vec![0_u32; vocabulary]);
    for &(left, right) in &pairs {
        followed[usize::from(left)] += 1;
        preceded[usize::from(right)] += 1;
    }
    let mut out = vec![0.0; vocabulary * WIDTH];
    for run in pairs.chunk_by(|a, b| a == b) {
        let Some(&(left, right)) = run.first() else { continue };
        let (left, right, n) = (usize::from(left), usize::from(right), run.len() as f32);
        add(&mut out, left, right, (n / followed[left] as f32).sqrt());
        add(&mut out, right, vocabulary + left, (n / preceded[right] as f32).sqrt());
    }
    out
}

/// Adds a coordinate's part to a token's embedding: the coordinate's signs, scaled so that lengths stay.
fn add(out: &mut [f32], token: usize, coordinate: usize, value: f32) {
    // Two rounds: the first of neighbouring seeds are not far apart in all bits.
    let signs = Random::new(Random::new(coordinate as u64).bits()).bits();
    let part = value / (WIDTH as f32).sqrt();
    for (bit, place) in out.iter_mut().skip(token * WIDTH).take(WIDTH).enumerate() {
        *place += if signs >> bit & 1 == 1 { part } else { -part };
    }
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, embeddings};
    use crate::train::domain::Domain;

    /// Tokens 1 and 2 stand between 5 and 6, tokens 3 and 4 between 7 and 8: a squared Hellinger distance is 2 between
    /// shares that have nothing in common, on each side, and 0 between the same shares.
    #[test]
    fn tokens_with_the_same_neighbours_lie_together_and_others_apart() {
        let ids = [5, 1, 6, 7, 3, 8, 5, 2, 6, 7, 4, 8].repeat(50);
        let domain = Domain { name: String::new(), bytes: ids.len(), ids };
        let all = embeddings(&[domain], 10);
        let row = |id: usize| &all[id * WIDTH..(id + 1) * WIDTH];
        let distance = |a, b| row(a).iter().zip(row(b)).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        assert!(distance(1, 2) < 1e-6 && distance(3, 4) < 1e-6);
        for (a, b) in [(1, 3), (1, 4), (2, 3), (2, 4)] {
            assert!((2.0..6.0).contains(&distance(a, b)), "{a} {b}: {}", distance(a, b));
        }
        assert!(row(9).iter().all(|&value| value == 0.0), "never seen");
    }
}
