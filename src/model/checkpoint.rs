//! Checkpoints in Hugging Face's layout: `config.json` and `model.safetensors` with Mixtral's tensor names, so that
//! transformers' `MixtralForCausalLM` loads the same folder.

use super::attention::Attention;
use super::block::Block;
use super::experts::Experts;
use super::mistaken::{mistaken, safetensors_size};
use super::transformer::shape;
use super::{ModelConfig, ModelError, Transformer};
use crate::error::{DeviceFault, FileFault, TensorFault};
use crate::router::{Init, WeightSource};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Builds a model from the bytes of `model.safetensors`.
///
/// # Errors
/// As [`load_files`].
pub fn load(config: &ModelConfig, weights: &[u8], device: &Device) -> Result<Transformer, ModelError> {
    load_files(config, &[(FILE, weights)], device)
}

/// Builds a model from its weights: one file or several ("shards"), each with its name.
///
/// # Errors
/// Names the tensor that is missing, unexpected, twice there, of another shape or type than the config says, or not finite;
/// and the file that is none.
pub fn load_files(config: &ModelConfig, files: &[(&str, &[u8])], device: &Device) -> Result<Transformer, ModelError> {
    let mut reader = Reader::open(files, device)?;
    let (d, f) = (config.hidden_size, config.intermediate_size);
    let (heads, kv) = (config.num_attention_heads * config.head(), config.num_key_value_heads * config.head());
    let embedding = reader.embedding(config)?;
    let mut blocks = Vec::with_capacity(config.num_hidden_layers);
    for block in 0..config.num_hidden_layers {
        let name = |rest: &str| format!("model.layers.{block}.{rest}");
        blocks.push(Block {
            attention_norm: reader.param(&name("input_layernorm.weight"), [d])?,
            attention: Attention {
                query: reader.param(&name("self_attn.q_proj.weight"), [heads, d])?,
                key: reader.param(&name("self_attn.k_proj.weight"), [kv, d])?,
                value: reader.param(&name("self_attn.v_proj.weight"), [kv, d])?,
                output: reader.param(&name("self_attn.o_proj.weight"), [d, heads])?,
            },
            expert_norm: reader.param(&name("post_attention_layernorm.weight"), [d])?,
            router: config.router.build(shape(config, block), &mut Layer { reader: &mut reader, block })?,
            experts: reader.experts(block, "experts", [config.stacked_experts(), f, d])?,
            shared: match config.num_shared_experts {
                0 => None,
                shared => Some(reader.experts(block, "shared_experts", [shared, f, d])?),
            },
        });
    }
    let norm = reader.param("model.norm.weight", [d])?;
    reader.finish()?;
    Ok(Transformer { embedding, blocks, norm })
}

/// The file of a checkpoint whose weights are in one.
pub const FILE: &str = "model.safetensors";
/// The file that says which files hold a checkpoint's weights where they are several.
pub const INDEX: &str = "model.safetensors.index.json";
const EMBEDDING: &str = "model.embed_tokens.weight";
const OUTPUT: &str = "lm_head.weight";

struct Reader<'a> {
    /// Each file with its name.
    files: Vec<(&'a str, SafeTensors<'a>)>,
    device: &'a Device,
    read: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn open(files: &[(&'a str, &'a [u8])], device: &'a Device) -> Result<Self, ModelError> {
        if files.is_empty() {
            return Err(of_file(FILE, FileFault::Missing));
        }
        let mut reader = Self { files: Vec::with_capacity(files.len()), device, read: BTreeSet::new() };
        for &(name, bytes) in files {
            let file = open_file(name, bytes)?;
            for tensor in file.names() {
                if let Some((other, _)) = reader.find(tensor) {
                    let files = [name, other].map(str::to_owned);
                    return Err(of_tensor(tensor, TensorFault::Twice { files }));
                }
            }
            reader.files.push((name, file));
        }
        Ok(reader)
    }

    /// A tensor and the file that holds it.
    fn find(&self, tensor: &str) -> Option<(&'a str, TensorView<'a>)> {
        self.files.iter().find_map(|(name, file)| Some((*name, file.tensor(tensor).ok()?)))
    }

    /// The same under the name of this tensor in the files of transformers 5, where the first is not there.
    fn find_either(&self, tensor: &str) -> Option<(String, &'a str, TensorView<'a>)> {
        let names = [tensor.to_owned(), tensor.replace(".block_sparse_moe.", ".mlp.")];
        names.into_iter().find_map(|name| self.find(&name).map(|(file, view)| (name, file, view)))
    }

    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let Some((name, file, view)) = self.find_either(name) else {
            let files = self.files.iter().map(|(file, _)| (*file).to_owned()).collect();
            return Err(of_tensor(name, TensorFault::Missing { files }));
        };
        let file = file.to_owned();
        if view.shape() != shape {
            let (is, wanted) = (view.shape().to_vec(), shape.to_vec());
            return Err(of_tensor(&name, TensorFault::Shape { file, shape: is, wanted }));
        }
        let data = view.data();
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
            Dtype::F16 => data.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect(),
            Dtype::BF16 => data.as_chunks().0.iter().map(|&bytes| bf16::from_le_bytes(bytes).to_f32()).collect(),
            other => return Err(of_tensor(&name, TensorFault::Type { file, dtype: format!("{other:?}") })),
        };
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            return Err(of_tensor(&name, TensorFault::NotFinite { file, value: values[place], place }));
        }
        self.read.insert(name);
        Ok(values)
    }

    /// The embedding [V, d], which is the output matrix too: a file may hold it twice.
    fn embedding(&mut self, config: &ModelConfig) -> Result<Param<Tensor<2>>, ModelError> {
        let shape = [config.vocab_size, config.hidden_size];
        let values = self.values(EMBEDDING, &shape)?;
        if !config.tie_word_embeddings || self.find(OUTPUT).is_some() {
            let output = self.values(OUTPUT, &shape)?;
            if let Some(place) = values.iter().zip(&output).position(|(a, b)| a != b) {
                let (value, other, embedding) = (output[place], values[place], EMBEDDING.to_owned());
                let fault = TensorFault::OtherThanEmbedding { embedding, value, other, place };
                return Err(of_tensor(OUTPUT, fault));
            }
        }
        Ok(self.upload(values, shape))
    }

    fn param<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Param<Tensor<D>>, ModelError> {
        let values = self.values(name, &shape)?;
        Ok(self.upload(values, shape))
    }

    fn upload<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Param<Tensor<D>> {
        Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), self.device))
    }

    fn experts(
        &mut self,
        block: usize,
        kind: &str,
        [experts, inner, width]: [usize; 3],
    ) -> Result<Experts, ModelError> {
        let fused =
            ["gate_up_proj", "down_proj"].map(|rest| format!("model.layers.{block}.block_sparse_moe.{kind}.{rest}"));
        if self.find_either(&fused[0]).is_some() {
            return Ok(Experts {
                gate_up: self.param(&fused[0], [experts, 2 * inner, width])?,
                down: self.param(&fused[1], [experts, width, inner])?,
            });
        }
        let (mut gate_up, mut down) = (Vec::new(), Vec::new());
        for expert in 0..experts {
            let [w1, w2, w3] = expert_names(block, kind, expert);
            gate_up.extend(self.values(&w1, &[inner, width])?);
            gate_up.extend(self.values(&w3, &[inner, width])?);
            down.extend(self.values(&w2, &[width, inner])?);
        }
        Ok(Experts {
            gate_up: self.upload(gate_up, [experts, 2 * inner, width]),
            down: self.upload(down, [experts, width, inner]),
        })
    }

    fn finish(self) -> Result<(), ModelError> {
        let mut names =
            self.files.iter().flat_map(|(file, tensors)| tensors.names().into_iter().map(move |name| (file, name)));
        let Some((file, extra)) = names.find(|(_, name)| !self.read.contains(*name)) else { return Ok(()) };
        Err(of_tensor(extra, TensorFault::Unasked { file: (*file).to_owned() }))
    }
}

fn of_file(name: &str, fault: FileFault) -> ModelError {
    ModelError::File { name: name.to_owned(), fault }
}

fn of_tensor(name: &str, fault: TensorFault) -> ModelError {
    ModelError::Tensor { name: name.to_owned(), fault }
}

/// A weight file by its bytes.
fn open_file<'a>(name: &str, bytes: &'a [u8]) -> Result<SafeTensors<'a>, ModelError> {
    SafeTensors::deserialize(bytes).map_err(|error| {
        let have = bytes.len() as u64;
        let whole = safetensors_size(bytes).filter(|&whole| whole != have);
        mistaken(name, bytes).unwrap_or_else(|| match whole {
            Some(whole) => of_file(name, FileFault::NotWhole { have, whole }),
            None => of_file(name, FileFault::NotSafetensors { have, detail: error.to_string() }),
        })
    })
}

/// The names of the weight files that an index (`model.safetensors.index.json`) speaks of.
///
/// # Errors
/// If it is not such an index, or names a file outside its folder.
pub fn shards(index: &[u8]) -> Result<Vec<String>, ModelError> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    if let Some(other) = mistaken(INDEX, index) {
        return Err(other);
    }
    let index: Index = serde_json::from_slice(index)
        .map_err(|error| of_file(INDEX, FileFault::NotJson { detail: error.to_string() }))?;
    let names: BTreeSet<String> = index.weight_map.into_values().collect();
    let inside = |name: &String| name.ends_with(".safetensors") && !name.contains(['/', '\\', ':', '?', '#', '%']);
    match names.iter().find(|name| !inside(name)) {
        Some(name) => Err(of_file(INDEX, FileFault::Names { other: name.clone() })),
        None if names.is_empty() => Err(of_file(INDEX, FileFault::NamesNothing)),
        None => Ok(names.into_iter().collect()),
    }
}

fn expert_names(block: usize, kind: &str, expert: usize) -> [String; 3] {
    ["w1", "w2", "w3"].map(|w| format!("model.layers.{block}.block_sparse_moe.{kind}.{expert}.{w}.weight"))
}

/// The weights of one layer's router.
struct Layer<'a, 'b> {
    reader: &'a mut Reader<'b>,
    block: usize,
}

impl Layer<'_, '_> {
    fn name(&self, rest: &str) -> String {
        format!("model.layers.{}.block_sparse_moe.{rest}", self.block)
    }
}

impl WeightSource for Layer<'_, '_> {
    fn matrix(&mut self, name: &str, shape: [usize; 2], _: Init) -> Result<Param<Tensor<2>>, ModelError> {
        self.reader.param(&self.name(name), shape)
    }

    fn vector(&mut self, name: &str, len: usize, _: Init) -> Result<Param<Tensor<1>>, ModelError> {
        self.reader.param(&self.name(name), [len])
    }
}

/// How weights are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: to train on from exactly here.
    Single,
    /// 16 bits (IEEE half): to ship.
    Half,
}

/// The bytes of `model.safetensors`. Waits for the device, so not on the web: see [`save_async`].
///
/// # Errors
/// As [`save_async`].
#[cfg(not(target_family = "wasm"))]
pub fn save(model: &Transformer, precision: Precision) -> Result<Vec<u8>, ModelError> {
    pollster::block_on(save_async(model, precision))
}

/// The bytes of `model.safetensors`.
///
/// # Errors
/// If the weights cannot be read from the device, or one is a number that 16 bits cannot hold and they are asked for.
pub async fn save_async(model: &Transformer, precision: Precision) -> Result<Vec<u8>, ModelError> {
    let mut writer = Writer::default();
    writer.param("model.embed_tokens.weight".to_owned(), &model.embedding);
    writer.param("model.norm.weight".to_owned(), &model.norm);
    for (number, block) in model.blocks.iter().enumerate() {
        let Block { attention_norm, attention, expert_norm, router, experts, shared } = block;
        let name = |rest: &str| format!("model.layers.{number}.{rest}.weight");
        writer.param(name("input_layernorm"), attention_norm);
        writer.param(name("self_attn.q_proj"), &attention.query);
        writer.param(name("self_attn.k_proj"), &attention.key);
        writer.param(name("self_attn.v_proj"), &attention.value);
        writer.param(name("self_attn.o_proj"), &attention.output);
        writer.param(name("post_attention_layernorm"), expert_norm);
        for (rest, shape, values) in router.weights() {
            let name = format!("model.layers.{number}.block_sparse_moe.{rest}");
            writer.tensor(values, vec![Part { name, at: 0, shape }]);
        }
        for (kind, experts) in [("experts", Some(experts)), ("shared_experts", shared.as_ref())] {
            if let Some(experts) = experts {
                writer.experts(number, kind, experts);
            }
        }
    }
    writer.write(precision).await
}

/// Numbers in 16 bits, whose range ends at 65,504.
fn halves(name: &str, values: &[f32]) -> Result<Vec<u8>, ModelError> {
    let mut bytes = Vec::with_capacity(2 * values.len());
    for (place, &value) in values.iter().enumerate() {
        let half = f16::from_f32(value);
        if !half.is_finite() {
            return Err(of_tensor(name, TensorFault::TooLarge { value, place }));
        }
        bytes.extend(half.to_le_bytes());
    }
    Ok(bytes)
}

/// A tensor of the file: a piece of one on the device.
struct Part {
    name: String,
    /// Where it begins, in numbers.
    at: usize,
    shape: Vec<usize>,
}

/// Collects tensors, to read them back all at once.
#[derive(Default)]
struct Writer {
    transaction: Transaction,
    parts: Vec<Vec<Part>>,
}

impl Writer {
    fn tensor<const D: usize>(&mut self, tensor: Tensor<D>, parts: Vec<Part>) {
        self.transaction = std::mem::take(&mut self.transaction).register(tensor.detach());
        self.parts.push(parts);
    }

    fn param<const D: usize>(&mut self, name: String, param: &Param<Tensor<D>>) {
        let shape = param.val().dims().to_vec();
        self.tensor(param.val(), vec![Part { name, at: 0, shape }]);
    }

    fn experts(&mut self, block: usize, kind: &str, experts: &Experts) {
        let [count, width, inner] = experts.down.val().dims();
        let size = width * inner;
        let (mut gate_up, mut down) = (Vec::new(), Vec::new());
        for expert in 0..count {
            let [w1, w2, w3] = expert_names(block, kind, expert);
            gate_up.push(Part { name: w1, at: 2 * expert * size, shape: vec![inner, width] });
            gate_up.push(Part { name: w3, at: (2 * expert + 1) * size, shape: vec![inner, width] });
            down.push(Part { name: w2, at: expert * size, shape: vec![width, inner] });
        }
        self.tensor(experts.gate_up.val(), gate_up);
        self.tensor(experts.down.val(), down);
    }

    async fn write(self, precision: Precision) -> Result<Vec<u8>, ModelError> {
        let unreadable = |detail: String| ModelError::Device(DeviceFault::NoWeights { detail });
        let data = self.transaction.execute_async().await.map_err(|error| unreadable(error.to_string()))?;
        let mut tensors: BTreeMap<String, (Vec<usize>, Vec<u8>)> = BTreeMap::new();
        for (data, parts) in data.into_iter().zip(self.parts) {
            let values =
                data.convert::<f32>().try_into_vec::<f32>().map_err(|error| unreadable(format!("{error:?}")))?;
            for Part { name, at, shape } in parts {
                let values = values.get(at..at + shape.iter().product::<usize>()).unwrap_or_default();
                let bytes = match precision {
                    Precision::Single => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
                    Precision::Half => halves(&name, values)?,
                };
                tensors.insert(name, (shape, bytes));
            }
        }
        let dtype = match precision {
            Precision::Single => Dtype::F32,
            Precision::Half => Dtype::F16,
        };
        let failed = |error: SafeTensorError| of_file(FILE, FileFault::NotWritten { detail: error.to_string() });
        let mut views = Vec::with_capacity(tensors.len());
        for (name, (shape, bytes)) in &tensors {
            views.push((name, TensorView::new(dtype, shape.clone(), bytes).map_err(failed)?));
        }
        let format = [("format".to_owned(), "pt".to_owned())].into_iter().collect();
        safetensors::serialize(views, Some(format)).map_err(failed)
    }
}
