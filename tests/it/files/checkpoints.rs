//! Checkpoints as people have them: the same model in other files opens and computes the same; what is no checkpoint is called
//! what it is.

use crate::support::{floats, read, text};
use burn::tensor::Device;
use moescope::device::OpenDevice;
use moescope::engine::generate::{Generation, Step};
use moescope::engine::native::{open_folder, read_weights};
use moescope::format::thousands;
use moescope::model::{Compute, Input, ModelConfig, checkpoint};
use moescope::protocol::{DeviceReason, Sampling};
use moescope::token::PassedOver;
use pollster::block_on;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Tensors = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

/// The fixture that transformers computed, and what it gave for one sequence.
fn fixture() -> (serde_json::Value, Tensors, Vec<u32>, Vec<f32>) {
    let folder = "tiny-mixtral/window";
    let bytes = read(&format!("{folder}/model.safetensors"));
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors().into_iter();
    let tensors =
        tensors.map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec()))).collect();
    let expected: serde_json::Value = serde_json::from_str(&text(&format!("{folder}/expected.json"))).unwrap();
    let case = &expected["tokens_24"];
    let ids = serde_json::from_value(case["ids"].clone()).unwrap();
    let logits: Vec<Vec<f32>> = serde_json::from_value(case["logits"].clone()).unwrap();
    (serde_json::from_str(&text(&format!("{folder}/config.json"))).unwrap(), tensors, ids, logits.concat())
}

fn file(tensors: &Tensors) -> Vec<u8> {
    let views = tensors
        .iter()
        .map(|(name, (dtype, shape, data))| (name, TensorView::new(*dtype, shape.clone(), data).unwrap()));
    serialize(views, None).unwrap()
}

/// Whether these files give transformers' logits; what was wrong if they do not open.
fn opens(config: &serde_json::Value, files: &[(&str, Vec<u8>)]) -> Result<(), String> {
    let (_, _, ids, logits) = fixture();
    let config = ModelConfig::from_json(&config.to_string()).map_err(|error| error.to_string())?;
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let model = checkpoint::load_files(&config, &files, &Device::flex()).map_err(|error| error.to_string())?;
    let hidden = model.forward(&Input::new(ids, 1), &config, Compute::Sparse).hidden;
    for (ours, theirs) in floats(model.logits(hidden)).into_iter().zip(logits) {
        assert!((ours - theirs).abs() < 1e-4, "{ours}, transformers {theirs}");
    }
    Ok(())
}

fn one(tensors: &Tensors) -> [(&'static str, Vec<u8>); 1] {
    [("model.safetensors", file(tensors))]
}

fn says(message: Result<(), String>, parts: &[&str]) {
    let message = message.unwrap_err();
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn the_output_matrix_may_be_there_twice_if_it_is_the_embedding() {
    let (mut config, mut tensors, ..) = fixture();
    let embedding = tensors["model.embed_tokens.weight"].clone();
    tensors.insert("lm_head.weight".to_owned(), embedding);
    opens(&config, &one(&tensors)).unwrap();
    config["tie_word_embeddings"] = false.into();
    opens(&config, &one(&tensors)).unwrap();
    tensors.get_mut("lm_head.weight").unwrap().2[4 * 33..4 * 34].copy_from_slice(&7_f32.to_le_bytes());
    for tied in [true, false] {
        config["tie_word_embeddings"] = tied.into();
        says(opens(&config, &one(&tensors)), &["lm_head.weight", "model.embed_tokens.weight", "7 ", "place 33"]);
    }
    tensors.remove("lm_head.weight");
    says(opens(&config, &one(&tensors)), &["lm_head.weight", "missing"]);
}

/// As transformers 5.23 names and stacks them when it saves with `save_original_format=False`
/// (its `conversion_mapping.py`, "mixtral"): gate and up of every expert one under the other.
fn fused(tensors: &Tensors) -> Tensors {
    let mut fused = Tensors::new();
    for (name, tensor) in tensors {
        let Some((layer, rest)) = name.split_once(".block_sparse_moe.") else {
            fused.insert(name.clone(), tensor.clone());
            continue;
        };
        if rest == "gate.weight" {
            fused.insert(format!("{layer}.mlp.gate.weight"), tensor.clone());
        }
    }
    for layer in 0..2 {
        let part = |expert: usize, w: &str| {
            &tensors[&format!("model.layers.{layer}.block_sparse_moe.experts.{expert}.{w}.weight")].2
        };
        let gate_up = (0..4).flat_map(|expert| [part(expert, "w1"), part(expert, "w3")]).flatten().copied().collect();
        let down = (0..4).flat_map(|expert| part(expert, "w2")).copied().collect();
        let name = |rest: &str| format!("model.layers.{layer}.mlp.experts.{rest}");
        fused.insert(name("gate_up_proj"), (Dtype::F32, vec![4, 2 * 20, 32], gate_up));
        fused.insert(name("down_proj"), (Dtype::F32, vec![4, 32, 20], down));
    }
    fused
}

#[test]
fn experts_may_be_fused() {
    let (config, tensors, ..) = fixture();
    let mut fused = fused(&tensors);
    opens(&config, &one(&fused)).unwrap();
    fused.remove("model.layers.1.mlp.experts.down_proj");
    says(opens(&config, &one(&fused)), &["down_proj", "missing"]);
}

#[test]
fn weights_may_lie_in_several_files() {
    let (config, tensors, ..) = fixture();
    let (mut first, mut second) = (Tensors::new(), Tensors::new());
    for (number, (name, tensor)) in tensors.iter().enumerate() {
        let half = if number % 3 == 0 { &mut first } else { &mut second };
        half.insert(name.clone(), tensor.clone());
    }
    let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    opens(&config, &[(names[0], file(&first)), (names[1], file(&second))]).unwrap();
    says(opens(&config, &[(names[1], file(&second))]), &["missing"]);
    second.insert("model.embed_tokens.weight".to_owned(), tensors["model.embed_tokens.weight"].clone());
    first.insert("model.embed_tokens.weight".to_owned(), tensors["model.embed_tokens.weight"].clone());
    says(opens(&config, &[(names[0], file(&first)), (names[1], file(&second))]), &[names[0], names[1], "embed_tokens"]);
    let half = file(&second);
    let cut = half[..half.len() / 2].to_vec();
    let parts = [names[1], &format!("{} bytes are here", thousands(cut.len())), &thousands(half.len())];
    says(opens(&config, &[(names[0], file(&first)), (names[1], cut)]), &parts);
}

#[test]
fn an_index_names_files_beside_it_only() {
    let index = |file: &str| format!("{{\"metadata\":{{}},\"weight_map\":{{\"a\":\"{file}\",\"b\":\"{file}\"}}}}");
    assert_eq!(checkpoint::shards(index("a-1.safetensors").as_bytes()).unwrap(), ["a-1.safetensors"]);
    for outside in ["../x.safetensors", "/etc/x.safetensors", "https://x.org/x.safetensors", "x.bin", "x.py"] {
        let error = checkpoint::shards(index(outside).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(outside), "{error}");
    }
    assert!(checkpoint::shards(b"{}").is_err() && checkpoint::shards(b"{\"weight_map\":{}}").is_err());
}

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 72744704\n";
const PAGE: &str = "\n<!DOCTYPE html><html><title>404</title></html>";

#[test]
fn what_is_no_weights_is_called_what_it_is() {
    let (config, tensors, ..) = fixture();
    let whole = file(&tensors);
    let given = |bytes: &[u8]| opens(&config, &[("model.safetensors", bytes.to_vec())]);
    says(given(POINTER.as_bytes()), &["Git LFS pointer", "72,744,704 bytes", "git lfs pull"]);
    says(given(PAGE.as_bytes()), &["web page", "Download the file itself"]);
    says(given(b"GGUF\x03\0\0\0"), &["GGUF", "safetensors"]);
    says(given(b"PK\x03\x04aaaaaaaa"), &["zip", "safetensors"]);
    says(given(&[]), &["empty"]);
    // A header of 896 bytes, of which one is here.
    assert!(!given(b"\x80\x03\0\0\0\0\0\0{").unwrap_err().contains("PyTorch"));
    says(given(b"\xef\xbb\xbf<!DOCTYPE html><html></html>"), &["web page"]);
    says(given(b"Entry not found"), &["an answer", "Entry not found", "Download the file itself"]);
    says(given(br#"{"error":"Repository not found"}"#), &["an answer", "Repository not found"]);
    says(given(b"\x1f\x8b\x08\0\0\0\0\0"), &["gzip", "Unpack"]);
    says(given(&whole[..whole.len() - 1]), &["not whole", &format!("{} bytes are here", thousands(whole.len() - 1))]);
    says(given(&[&whole[..], b"x"].concat()), &["not whole", &format!("the file has {}", thousands(whole.len()))]);
    let answers = [("Entry not found", "an answer"), (r#"{"error":"Repository not found"}"#, "an answer")];
    for (json, part) in [(POINTER, "Git LFS pointer"), (PAGE, "web page")].into_iter().chain(answers) {
        let error = ModelConfig::from_json(json).unwrap_err();
        assert!(error.to_string().contains(part) && error.is_lasting(), "{error}");
    }
}

/// A folder of its own with a copy of the smallest shipped model.
fn shipped(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::copy(root.join("assets/models/mixtral").join(file), folder.join(file)).unwrap();
    }
    folder
}

fn cpu() -> OpenDevice {
    OpenDevice::cpu(DeviceReason::CpuChosen)
}

#[test]
fn truncation_and_padding_are_passed_over_and_said() {
    let folder = shipped("truncation");
    let text = "Once upon a time";
    let mut plain = open_folder(&folder, cpu()).unwrap();
    assert_eq!(plain.passed_over(), PassedOver::default());
    let (trace, _) = block_on(plain.route(text)).unwrap();
    let mut json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("tokenizer.json")).unwrap()).unwrap();
    json["truncation"] =
        serde_json::json!({ "direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0 });
    json["padding"] =
        serde_json::json!({ "strategy": "BatchLongest", "direction": "Right", "pad_id": 0, "pad_token": "<|end|>" });
    std::fs::write(folder.join("tokenizer.json"), json.to_string()).unwrap();
    let mut session = open_folder(&folder, cpu()).unwrap();
    assert_eq!(session.passed_over(), PassedOver { truncation: true, padding: true });
    assert_eq!(block_on(session.route(text)).unwrap().0.tokens, trace.tokens);
    let others: [(&[u8], &str); 6] = [
        (POINTER.as_bytes(), "Git LFS pointer"),
        (PAGE.as_bytes(), "web page"),
        (b"{\"version\":\"1.0\",\"trunc", "breaks off"),
        (b"IQ== 0\nIg== 1\n", "holds no tokenizer"),
        (b"\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0\x18\x02", "SentencePiece"),
        (b"\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94", "PyTorch"),
    ];
    for (bytes, part) in others {
        std::fs::write(folder.join("tokenizer.json"), bytes).unwrap();
        let error = open_folder(&folder, cpu()).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("tokenizer.json") && error.contains(part), "{error}");
    }
}

/// Ten rows are added to the shipped embedding, copies of its likeliest row but longer, so that they would win everywhere.
#[test]
fn rows_beyond_the_tokenizer_are_never_tokens() {
    let folder = shipped("padded");
    let text = "Once upon a time there was a";
    let (plain, _) = block_on(open_folder(&folder, cpu()).unwrap().route(text)).unwrap();
    let best = plain.next[0].id as usize;
    let bytes = std::fs::read(folder.join("model.safetensors")).unwrap();
    let file_in = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Tensors = file_in
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec())))
        .collect();
    let embedding = tensors.get_mut("model.embed_tokens.weight").unwrap();
    let (rows, width) = (embedding.1[0], 2 * embedding.1[1]);
    let row: Vec<u8> = embedding.2[best * width..(best + 1) * width].to_vec();
    // The sign bit left as it is, the exponent one more: every number doubled.
    let doubled: Vec<u8> = row
        .as_chunks::<2>()
        .0
        .iter()
        .flat_map(|&half| (half::f16::from_le_bytes(half) * half::f16::from_f32(2.0)).to_le_bytes())
        .collect();
    (0..10).for_each(|_| embedding.2.extend(&doubled));
    embedding.1[0] = rows + 10;
    std::fs::write(folder.join("model.safetensors"), file(&tensors)).unwrap();
    let mut config: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("config.json")).unwrap()).unwrap();
    config["vocab_size"] = (rows + 10).into();
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    for compute in [Compute::Sparse, Compute::Dense] {
        let device = OpenDevice { compute, ..cpu() };
        let mut session = open_folder(&folder, device).unwrap();
        let (trace, _) = block_on(session.route(text)).unwrap();
        trace.check().unwrap();
        let shown: Vec<u32> = trace.predictions.iter().flatten().chain(&trace.next).map(|next| next.id).collect();
        assert!(shown.iter().all(|&id| (id as usize) < rows), "{compute:?}");
        assert_eq!(trace.next[0].id as usize, best, "the order of the tokens is as before");
        let total: f32 = trace.next.iter().map(|next| next.prob).sum();
        assert!(total < 0.5, "the rows that are no tokens keep their probability: {total}");
        let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
        let warm = Sampling { temperature: 5.0, top_k: 0, top_p: 1.0, seed: 3 };
        for sampling in [greedy, warm] {
            let mut generation = Generation::after(&trace, sampling, 6);
            while let Step::Token(step) = block_on(session.step(&mut generation)).unwrap() {
                assert!((step.token.id as usize) < rows && step.next.iter().all(|next| (next.id as usize) < rows));
            }
        }
    }
    config["vocab_size"] = (rows - 1).into();
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let error = open_folder(&folder, cpu()).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("embed_tokens") || error.contains("vocab_size"), "{error}");
}

#[test]
fn a_folder_of_shards_opens_and_one_without_weights_says_what_is_there() {
    let folder = shipped("shards");
    let text = "Once upon a time";
    let (plain, _) = block_on(open_folder(&folder, cpu()).unwrap().route(text)).unwrap();
    let bytes = std::fs::read(folder.join("model.safetensors")).unwrap();
    let whole = SafeTensors::deserialize(&bytes).unwrap();
    let (mut map, mut parts) = (serde_json::Map::new(), [Tensors::new(), Tensors::new(), Tensors::new()]);
    for (number, (name, view)) in whole.tensors().into_iter().enumerate() {
        map.insert(name.clone(), format!("model-{}.safetensors", number % 3).into());
        parts[number % 3].insert(name, (view.dtype(), view.shape().to_vec(), view.data().to_vec()));
    }
    for (number, part) in parts.iter().enumerate() {
        std::fs::write(folder.join(format!("model-{number}.safetensors")), file(part)).unwrap();
    }
    let index = serde_json::json!({ "metadata": { "total_size": bytes.len() }, "weight_map": map });
    std::fs::write(folder.join("model.safetensors.index.json"), index.to_string()).unwrap();
    std::fs::remove_file(folder.join("model.safetensors")).unwrap();
    assert_eq!(read_weights(&folder).unwrap().len(), 3);
    let (trace, _) = block_on(open_folder(&folder, cpu()).unwrap().route(text)).unwrap();
    assert_eq!(trace.layers, plain.layers);
    std::fs::remove_file(folder.join("model-1.safetensors")).unwrap();
    let error = read_weights(&folder).unwrap_err().to_string();
    assert!(error.contains("model-1.safetensors"), "{error}");
    std::fs::remove_file(folder.join("model.safetensors.index.json")).unwrap();
    std::fs::write(folder.join("pytorch_model.bin"), b"PK").unwrap();
    let error = read_weights(&folder).unwrap_err().to_string();
    assert!(error.contains("pytorch_model.bin") && error.contains("safetensors files"), "{error}");
}

/// Folders as transformers 5 saves them, nothing edited, against what it computes from them itself
/// (`tests/reference/saved_fixture.py`).
/// Files that say how many they are need no list; where one is missing, the list is not what is asked for.
#[test]
fn shards_open_without_their_index_if_all_are_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/saved-mixtral/sharded");
    let copy = std::env::temp_dir().join(format!("moescope-shards-{}", std::process::id()));
    std::fs::create_dir_all(&copy).unwrap();
    let names =
        ["config.json", "tokenizer.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    for name in names {
        std::fs::copy(folder.join(name), copy.join(name)).unwrap();
    }
    let route = |folder: &Path| block_on(open_folder(folder, cpu()).unwrap().route("the cat sat")).unwrap().0.layers;
    assert_eq!(route(&copy), route(&folder));
    std::fs::remove_file(copy.join(names[3])).unwrap();
    assert!(open_folder(&copy, cpu()).is_err());
    std::fs::remove_dir_all(&copy).unwrap();
}

#[test]
fn what_transformers_saves_opens_and_routes_as_there() {
    let expected: serde_json::Value = serde_json::from_str(&text("saved-mixtral/expected.json")).unwrap();
    let ids: Vec<u32> = serde_json::from_value(expected["ids"].clone()).unwrap();
    for name in ["whole", "sharded", "fused"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/saved-mixtral").join(name);
        let mut session = open_folder(&folder, cpu()).unwrap();
        assert_eq!(session.passed_over(), PassedOver::default(), "{name}");
        let (trace, _) = block_on(session.route(expected["text"].as_str().unwrap())).unwrap();
        assert_eq!(trace.tokens.iter().map(|token| token.id).collect::<Vec<_>>(), ids, "{name}");
        for (ours, theirs) in trace.layers.iter().zip(expected["layers"].as_array().unwrap()) {
            let row = |key: &str, t: usize| -> Vec<f32> { serde_json::from_value(theirs[key][t].clone()).unwrap() };
            for t in 0..ids.len() {
                let experts: Vec<u16> = serde_json::from_value(theirs["experts"][t].clone()).unwrap();
                assert_eq!(ours.experts.row(t), experts, "{name}, token {t}");
                let [logits, weights] = ["router_logits", "weights"].map(|key| row(key, t));
                let pairs =
                    ours.logits(t).unwrap().iter().zip(&logits).chain(ours.weights(t).unwrap().iter().zip(&weights));
                for (ours, theirs) in pairs {
                    assert!((ours - theirs).abs() < 1e-4, "{name}, token {t}: {ours}, transformers {theirs}");
                }
            }
        }
    }
}
