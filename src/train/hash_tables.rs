//! Tables for the hash layers that need statistics of the text or of another model's embeddings (Roller et al. 2021,
//! arXiv:2106.04426): which expert each token id goes to. One table serves all layers.

use super::TrainError;
use super::domain::Domain;
use crate::model::{Block, Transformer};
use crate::router::{Gate, HashKind, HashSettings, RouterConfig};

/// Rounds of k-means at most.
const ROUNDS: usize = 100;

/// Occurrences of each token id, [V], in about a billion tokens drawn as training draws them: every domain alike. An id
/// that occurs in a domain counts at least once.
pub fn counts(domains: &[Domain], vocabulary: usize) -> Vec<u64> {
    let mut total = vec![0; vocabulary];
    for domain in domains {
        let mut own = vec![0_u64; vocabulary];
        for &id in &domain.ids {
            if let Some(count) = own.get_mut(usize::from(id)) {
                *count += 1;
            }
        }
        let share = 1_000_000_000 / domains.len().max(1) as u64;
        let len = domain.ids.len().max(1) as u64;
        total.iter_mut().zip(own).for_each(|(total, count)| *total += (count * share).div_ceil(len));
    }
    total
}

/// The expert of each token id, [V]: the most frequent first, each to the expert with the least load so far.
pub fn balanced(counts: &[u64], experts: usize) -> Vec<u16> {
    let mut table = vec![0; counts.len()];
    let mut load = vec![0_u64; experts];
    for id in by_frequency(counts) {
        let Some(least) = (0..experts).min_by_key(|&expert| load[expert]) else { break };
        load[least] += counts[id];
        table[id] = least as u16;
    }
    table
}

/// The expert of each token id, [V]: its cluster among the embeddings [V, width]. Plain k-means (Lloyd) with a cluster for
/// every expert; the centres begin at the most frequent tokens.
pub fn clustered(embeddings: &[f32], width: usize, counts: &[u64], experts: usize) -> Vec<u16> {
    let rows: Vec<&[f32]> = embeddings.chunks_exact(width.max(1)).collect();
    let wide = |row: &[f32]| row.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let mut centres: Vec<Vec<f64>> = by_frequency(counts).into_iter().take(experts).map(|id| wide(rows[id])).collect();
    let mut table = Vec::new();
    for _ in 0..ROUNDS {
        let next: Vec<u16> = rows.iter().map(|row| nearest(row, &centres)).collect();
        if next == table {
            break;
        }
        table = next;
        for (cluster, centre) in centres.iter_mut().enumerate() {
            let members = || rows.iter().zip(&table).filter(|&(_, &own)| usize::from(own) == cluster);
            let count = members().count() as f64;
            if count > 0.0 {
                centre.fill(0.0);
                members()
                    .for_each(|(row, _)| centre.iter_mut().zip(*row).for_each(|(c, &x)| *c += f64::from(x) / count));
            }
        }
    }
    table
}

/// The expert of each token id, [V], from its cluster, [V]: every cluster is spread over all experts, to within one token.
/// The most frequent first, each to the expert with the fewest tokens of its cluster, and the least load among those.
pub fn dispersed(clusters: &[u16], counts: &[u64], experts: usize) -> Vec<u16> {
    let groups = clusters.iter().map(|&cluster| usize::from(cluster) + 1).max().unwrap_or(0);
    let mut members = vec![vec![0_usize; experts]; groups];
    let mut load = vec![0_u64; experts];
    let mut table = vec![0; clusters.len()];
    for id in by_frequency(counts) {
        let own = &mut members[usize::from(clusters[id])];
        let Some(expert) = (0..experts).min_by_key(|&expert| (own[expert], load[expert])) else { break };
        own[expert] += 1;
        load[expert] += counts[id];
        table[id] = expert as u16;
    }
    table
}

/// Token ids, the most frequent first, the lower id first where they are as frequent.
fn by_frequency(counts: &[u64]) -> Vec<usize> {
    let mut ids: Vec<usize> = (0..counts.len()).collect();
    ids.sort_by_key(|&id| std::cmp::Reverse(counts[id]));
    ids
}

fn nearest(row: &[f32], centres: &[Vec<f64>]) -> u16 {
    let distance = |centre: &[f64]| centre.iter().zip(row).map(|(c, &x)| (c - f64::from(x)).powi(2)).sum::<f64>();
    let by_distance = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
    let all = centres.iter().map(|centre| distance(centre)).enumerate();
    all.min_by(by_distance).map_or(0, |(cluster, _)| cluster as u16)
}

/// Whether a method's table is made from another model's embeddings.
pub fn needs_embeddings(settings: &RouterConfig) -> bool {
    matches!(settings, RouterConfig::Hash(HashSettings { kind: HashKind::Clustered | HashKind::Dispersed }))
}

/// The model with the tables that its hash layers need, the same in every block; any other model as it is. `counts` are
/// the tokens' occurrences, [V]; `embeddings` another model's, their width and numbers [V * width].
///
/// # Errors
/// If embeddings are needed and missing, or of another vocabulary.
pub fn prepare(
    model: Transformer,
    settings: &RouterConfig,
    counts: &[u64],
    embeddings: Option<(usize, &[f32])>,
) -> Result<Transformer, TrainError> {
    let RouterConfig::Hash(HashSettings { kind }) = settings else { return Ok(model) };
    let Some(experts) = model.blocks.iter().find_map(experts) else { return Ok(model) };
    let clusters = || similar(counts, embeddings, experts);
    let table = match kind {
        HashKind::Balanced => balanced(counts, experts),
        HashKind::Clustered => clusters()?,
        HashKind::Dispersed => dispersed(&clusters()?, counts, experts),
        HashKind::Random | HashKind::Previous | HashKind::Position | HashKind::Oracle => return Ok(model),
    };
    let fill = |block: Block| match block.router {
        Gate::Hash(hash) => Block { router: Gate::Hash(hash.with_table(&table)), ..block },
        router => Block { router, ..block },
    };
    Ok(Transformer { blocks: model.blocks.into_iter().map(fill).collect(), ..model })
}

fn experts(block: &Block) -> Option<usize> {
    if let Gate::Hash(hash) = &block.router { Some(hash.experts()) } else { None }
}

fn similar(counts: &[u64], embeddings: Option<(usize, &[f32])>, experts: usize) -> Result<Vec<u16>, TrainError> {
    let Some((width, values)) = embeddings else {
        return Err(TrainError::NoEmbeddings);
    };
    if width == 0 || values.len() != counts.len() * width {
        return Err(TrainError::OtherTokenizer { numbers: values.len(), tokens: counts.len(), width });
    }
    if counts.len() < experts {
        return Err(TrainError::TooFewTokens { tokens: counts.len(), experts });
    }
    Ok(clustered(values, width, counts, experts))
}
