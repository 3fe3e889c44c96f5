//! The message loop: what comes in, what goes out, and what a newer request does to an older one.

use crate::engine::page::{React, answers, faults, files, generate, route, talk};
use crate::engine::support::config;
use moescope::error::{EngineFault, FetchFault, FileFault, ModelError, RequestFault};
use moescope::protocol::{DeviceChoice, Event, FileBytes, Manner, Request, Task};
use safetensors::tensor::{SafeTensors, serialize};
use std::collections::BTreeMap;

#[test]
fn opens_and_routes() {
    let events = talk(
        files(),
        |event| match event {
            Event::Ready { .. } => vec![route(1, "the cat")],
            Event::Trace { ticket: 1, .. } => vec![generate(2, "the cat")],
            _ => vec![],
        },
        vec![],
    );
    assert_eq!(events[0], Event::Started);
    let fetched = |event: &Event| {
        matches!(event, Event::Progress { task: Task::Fetching { file }, done, total: Some(total) }
        if file == "model.safetensors" && done == total && *total > 10_000)
    };
    assert!(events.iter().any(fetched));
    let ready = events.iter().find_map(|event| match event {
        Event::Ready { device, card, .. } => Some((device.gpu, card.as_str())),
        _ => None,
    });
    assert_eq!(ready, Some((false, r#"{"title": "tiny"}"#)));
    let token = ("token", 2);
    assert_eq!(answers(&events), [("trace", 1), ("trace", 2), token, token, token, token, ("finished", 2)]);
    let name = events.iter().find_map(|event| match event {
        Event::Trace { trace, .. } => Some(trace.model.name.clone()),
        _ => None,
    });
    assert_eq!(name.as_deref(), Some("tiny"));
    let trace = events.iter().find_map(|event| match event {
        Event::Trace { trace, .. } => Some(trace),
        _ => None,
    });
    let trace = trace.unwrap();
    assert!(trace.model.checkpoint.as_ref().is_some_and(|hash| hash.starts_with("sha256:") && hash.len() == 7 + 64));
    assert!(trace.build.as_ref().is_some_and(|build| build.starts_with("moescope ")));
}

#[test]
fn only_the_newest_waiting_text_is_routed() {
    let burst = |event: &Event| match event {
        Event::Ready { .. } => (1..=20).map(|ticket| route(ticket, "the dog")).collect(),
        _ => vec![],
    };
    assert_eq!(answers(&talk(files(), burst, vec![])), [("trace", 20)]);
}

#[test]
fn a_newer_text_interrupts_a_long_one() {
    let start = |event: &Event| match event {
        Event::Ready { .. } => vec![route(1, &"the cat and the dog ".repeat(300))],
        _ => vec![],
    };
    let events = talk(files(), start, vec![vec![], vec![route(2, "the mat")]]);
    assert_eq!(answers(&events), [("trace", 2)]);
}

#[test]
fn a_generation_can_be_stopped() {
    let start = |event: &Event| match event {
        Event::Ready { .. } => vec![generate(1, "the cat")],
        _ => vec![],
    };
    let events = talk(files(), start, vec![vec![], vec![], vec![Request::Stop]]);
    assert_eq!(answers(&events), [("trace", 1), ("token", 1), ("token", 1), ("stopped", 1)]);
    let events = talk(files(), start, vec![vec![], vec![route(2, "the dog")]]);
    assert_eq!(answers(&events), [("trace", 1), ("token", 1), ("stopped", 1), ("trace", 2)]);
    // Stopped while it still waits: the text is shown, and nothing is added.
    let waiting = |event: &Event| match event {
        Event::Ready { .. } => vec![generate(1, "the cat"), Request::Stop],
        _ => vec![],
    };
    assert_eq!(answers(&talk(files(), waiting, vec![])), [("trace", 1), ("stopped", 1)]);
    // A stop that comes too late does not stop the next one.
    let late = |event: &Event| match event {
        Event::Ready { .. } => vec![Request::Stop, generate(1, "the cat")],
        _ => vec![],
    };
    assert_eq!(answers(&talk(files(), late, vec![])).last(), Some(&("finished", 1)));
}

/// A model that was trained in the page lies at no address: its files come along, and nothing is fetched for it.
#[test]
fn a_model_whose_files_come_along_is_opened_without_a_server() {
    let given = |event: &Event| match event {
        Event::Started => {
            let files = files().into_iter().map(|(name, bytes)| (name.to_owned(), FileBytes::Here(bytes))).collect();
            vec![Request::Open { device: DeviceChoice::Cpu, model: "switch-seed-7-step-90".to_owned(), files }]
        }
        Event::Ready { .. } => vec![route(1, "the cat")],
        _ => vec![],
    };
    let events = talk(BTreeMap::new(), given, vec![]);
    assert!(faults(&events).is_empty());
    let name = events.iter().find_map(|event| match event {
        Event::Trace { trace, .. } => Some(trace.model.name.clone()),
        _ => None,
    });
    assert_eq!(name.as_deref(), Some("switch-seed-7-step-90"));
}

fn of_file(name: &str, fault: FileFault) -> EngineFault {
    EngineFault::Files(ModelError::File { name: name.to_owned(), fault })
}

/// What the network of these tests says of a file that it does not have.
fn not_there(name: &str) -> EngineFault {
    let address = format!("https://example.org/tiny/{name}");
    EngineFault::Fetch(FetchFault::Refused { address, status: 404, words: "Not Found".to_owned() })
}

/// Asks for a model at addresses that the page made for files of the visitor's, then for its routing.
fn chosen(event: &Event, weights: &str) -> Vec<Request> {
    let at = |name: &str| FileBytes::At(format!("https://example.org/tiny/{name}"));
    let files = ["config.json", "tokenizer.json"].map(|name| (name.to_owned(), at(name)));
    let files = files.into_iter().chain([("model.safetensors".to_owned(), at(weights))]).collect();
    match event {
        Event::Started => vec![Request::Open { device: DeviceChoice::Cpu, model: "chosen".to_owned(), files }],
        Event::Ready { .. } => vec![route(1, "the cat")],
        _ => vec![],
    }
}

#[test]
fn files_at_addresses_are_read_by_the_engine_and_one_that_is_gone_is_named() {
    let events = talk(files(), |event| chosen(event, "model.safetensors"), vec![]);
    assert!(faults(&events).is_empty());
    assert_eq!(answers(&events).last(), Some(&("trace", 1)));
    let events = talk(files(), |event| chosen(event, "moved.safetensors"), vec![]);
    assert_eq!(faults(&events), [&of_file("model.safetensors", FileFault::Moved)]);
    assert!(faults(&events)[0].on_page().ends_with("Open the files again."));
}

#[test]
fn a_given_index_tells_which_file_is_missing() {
    let given = |event: &Event| match event {
        Event::Started => {
            let index = br#"{"weight_map": {"a": "model.safetensors", "b": "other.safetensors"}}"#.to_vec();
            let files = files().into_iter().chain([("model.safetensors.index.json", index)]);
            let files = files.map(|(name, bytes)| (name.to_owned(), FileBytes::Here(bytes))).collect();
            vec![Request::Open { device: DeviceChoice::Cpu, model: "half".to_owned(), files }]
        }
        _ => vec![],
    };
    let events = talk(BTreeMap::new(), given, vec![]);
    let index = "model.safetensors.index.json".to_owned();
    assert_eq!(faults(&events), [&of_file("other.safetensors", FileFault::NotGiven { index })]);
}

#[test]
fn given_files_that_lack_one_are_a_fault_and_the_model_stays() {
    let given = |event: &Event| match event {
        Event::Ready { .. } => {
            let config = FileBytes::Here(config().to_json().unwrap().into_bytes());
            let files = vec![("config.json".to_owned(), config)];
            vec![Request::Open { device: DeviceChoice::Cpu, model: "half".to_owned(), files }]
        }
        Event::Fault(_) => vec![route(3, "the cat")],
        _ => vec![],
    };
    let events = talk(files(), given, vec![]);
    assert_eq!(faults(&events), [&of_file("tokenizer.json", FileFault::Empty)]);
    assert_eq!(answers(&events), [("trace", 3)]);
}

#[test]
fn the_model_stays_if_another_cannot_be_opened() {
    let events = talk(
        files(),
        |event| match event {
            Event::Ready { .. } => vec![Request::Open {
                device: DeviceChoice::Cpu,
                model: "https://example.org/tiny/elsewhere/".to_owned(),
                files: vec![],
            }],
            Event::Fault(_) => vec![route(3, "the cat")],
            _ => vec![],
        },
        vec![],
    );
    assert_eq!(faults(&events), [&not_there("elsewhere/config.json")]);
    assert_eq!(answers(&events), [("trace", 3)]);
}

#[test]
fn damaged_files_are_named() {
    let with = |name: &'static str, change: fn(&mut Vec<u8>)| {
        let mut files = files();
        change(files.get_mut(name).unwrap());
        files
    };
    let cut: fn(&mut Vec<u8>) = |bytes| bytes.truncate(bytes.len() / 2);
    let not_text: fn(&mut Vec<u8>) = |bytes| bytes[0] = 0xFF;
    let nan: fn(&mut Vec<u8>) = |bytes| {
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    };
    let wider: fn(&mut Vec<u8>) = |bytes| {
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace("\"hidden_size\": 32", "\"hidden_size\": 64").into()
    };
    let cases = [
        ("config.json", cut),
        ("config.json", not_text),
        ("tokenizer.json", cut),
        ("tokenizer.json", not_text),
        ("model.safetensors", cut),
        ("model.safetensors", nan),
        ("config.json", wider),
    ];
    for (name, change) in cases {
        let events = talk(with(name, change), |_| vec![], vec![]);
        let faults = faults(&events);
        assert_eq!(faults.len(), 1, "{name}");
        let EngineFault::Files(error) = faults[0] else { panic!("{}", faults[0]) };
        assert!(!error.is_lasting() && error.to_string().contains(name), "{error}");
        assert!(!events.iter().any(|event| matches!(event, Event::Ready { .. })));
    }
}

/// Some servers answer with a page where a file is missing; an index beside it still says where the weights are.
#[test]
fn weights_in_several_files_are_fetched_as_their_index_says() {
    let mut files = files();
    let whole = files.remove("model.safetensors").unwrap();
    let tensors = SafeTensors::deserialize(&whole).unwrap().tensors();
    let mut map = serde_json::Map::new();
    let names = ["model-1.safetensors", "model-2.safetensors"];
    for (name, half) in names.into_iter().zip(tensors.chunks(tensors.len() / 2 + 1)) {
        half.iter().for_each(|(tensor, _)| drop(map.insert(tensor.clone(), name.into())));
        files.insert(name, serialize(half.iter().map(|(name, view)| (name, view)), None).unwrap());
    }
    let index = serde_json::json!({ "weight_map": map }).to_string();
    files.insert("model.safetensors.index.json", index.into_bytes());
    let route_it: React = |event| match event {
        Event::Ready { .. } => vec![route(1, "the cat")],
        _ => vec![],
    };
    for page in [None, Some(b"<!doctype html>".to_vec())] {
        let mut files = files.clone();
        page.into_iter().for_each(|page| drop(files.insert("model.safetensors", page)));
        let events = talk(files, route_it, vec![]);
        assert_eq!((faults(&events), answers(&events)), (vec![], vec![("trace", 1)]));
    }
    let missing = names[1];
    files.remove(missing);
    let events = talk(files, route_it, vec![]);
    assert_eq!(faults(&events)[0], &not_there(missing));
}

/// Fetching a pointer again brings the pointer again.
#[test]
fn what_fetching_again_does_not_mend_is_a_fault_of_its_own_kind() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9000\n".to_vec();
    let llama = br#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#.to_vec();
    for (name, bytes, part) in [
        ("model.safetensors", pointer.clone(), "Git LFS"),
        ("tokenizer.json", pointer, "9,000 bytes"),
        ("config.json", llama, "What opens here"),
    ] {
        let mut files = files();
        files.insert(name, bytes);
        let events = talk(files, |_| vec![], vec![]);
        let faults = faults(&events);
        let [EngineFault::Files(error)] = &faults[..] else { panic!("{faults:?}") };
        let message = error.to_string();
        assert!(error.is_lasting() && message.starts_with(name) && message.contains(part), "{message}");
        assert_eq!(faults[0].on_page(), message, "there is nothing to try again");
    }
}

#[test]
fn a_card_is_not_needed() {
    let without = |change: fn(&mut BTreeMap<&'static str, Vec<u8>>)| {
        let mut files = files();
        change(&mut files);
        let route_it = |event: &Event| match event {
            Event::Ready { .. } => vec![route(1, "the cat")],
            _ => vec![],
        };
        let events = talk(files, route_it, vec![]);
        assert_eq!((faults(&events), answers(&events)), (vec![], vec![("trace", 1)]));
        events.into_iter().find_map(|event| match event {
            Event::Ready { card, .. } => Some(card),
            _ => None,
        })
    };
    assert_eq!(without(|files| drop(files.remove("card.json"))).as_deref(), Some(""));
    assert_eq!(without(|files| drop(files.insert("card.json", vec![0xFF, 0xFE]))).as_deref(), Some(""));
    let plain = without(|files| drop(files.insert("card.json", b"no JSON".to_vec())));
    assert_eq!(plain.as_deref(), Some("no JSON"), "what it says is for the page to judge");
}

#[test]
fn requests_out_of_turn_are_answered_with_advice() {
    // A text before any model is there, since opening fails.
    let mut missing = files();
    missing.remove("model.safetensors");
    let events = talk(
        missing,
        |event| match event {
            Event::Fault(EngineFault::Fetch(_)) => vec![route(1, "the cat")],
            _ => vec![],
        },
        vec![],
    );
    let no_model = EngineFault::Route(ModelError::Request(RequestFault::NoModel));
    assert_eq!(faults(&events), [&not_there("model.safetensors"), &no_model]);
    // Nothing to continue.
    let events = talk(
        files(),
        |event| match event {
            Event::Ready { .. } => vec![generate(1, "")],
            _ => vec![],
        },
        vec![],
    );
    assert_eq!(faults(&events), [&EngineFault::Route(ModelError::Request(RequestFault::NoText))]);
}

// With GPU support the answer depends on the machine.
#[cfg(not(feature = "gpu"))]
#[test]
fn a_gpu_that_is_not_there_is_a_fault() {
    let gpu = |event: &Event| match event {
        Event::Ready { .. } => {
            vec![Request::Open {
                device: DeviceChoice::Gpu,
                model: "https://example.org/tiny/".to_owned(),
                files: vec![],
            }]
        }
        Event::Fault(_) => vec![route(1, "the cat")],
        _ => vec![],
    };
    let events = talk(files(), gpu, vec![]);
    assert!(matches!(faults(&events)[..], [EngineFault::Device(_)]));
    assert_eq!(answers(&events), [("trace", 1)]);
}

#[test]
fn compares_models_and_names_the_one_that_cannot_be_had() {
    const TINY: &str = "https://example.org/tiny/";
    let events = talk(
        files(),
        |event| match event {
            Event::Ready { .. } => {
                let models = vec![TINY.to_owned(), format!("{TINY}missing/"), TINY.to_owned()];
                vec![Request::Compare {
                    ticket: 5,
                    text: "the cat".to_owned(),
                    models,
                    manner: Manner { ahead: true, task: None },
                }]
            }
            _ => vec![],
        },
        vec![],
    );
    let traces: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Compared { ticket: 5, model, trace, card, cut: None } => {
                Some((model.as_str(), trace, card.as_str()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(traces.len(), 2, "{events:?}");
    for (model, trace, card) in &traces {
        assert_eq!((*model, *card), (TINY, r#"{"title": "tiny"}"#));
        assert_eq!((trace.text.as_str(), trace.model.name.as_str()), ("the cat", "tiny"));
        assert!(!trace.model.looks_ahead, "Mixtral's router never looks ahead");
    }
    let missing = events.iter().find_map(|event| match event {
        Event::NotCompared { ticket: 5, model, fault } => Some((model.clone(), fault)),
        _ => None,
    });
    let (model, fault) = missing.unwrap();
    assert_eq!((model, fault), (format!("{TINY}missing/"), &not_there("missing/config.json")));
    assert!(faults(&events).is_empty());
}

#[test]
fn a_shared_tokenizer_is_that_of_the_folder_above() {
    let mut files = files();
    let shared = files.remove("tokenizer.json").unwrap();
    files.insert("../tokenizer.json", shared);
    let route_it: React = |event| match event {
        Event::Ready { .. } => vec![route(1, "the cat")],
        _ => vec![],
    };
    let lacking = talk(files.clone(), route_it, vec![]);
    assert_eq!(faults(&lacking), [&not_there("tokenizer.json")]);

    let mut said = config();
    said.shared_tokenizer = true;
    files.insert("config.json", said.to_json().unwrap().into_bytes());
    let events = talk(files, route_it, vec![]);
    assert_eq!((faults(&events), answers(&events)), (vec![], vec![("trace", 1)]));
    let told = |event: &Event| matches!(event, Event::Progress { task: Task::Fetching { file }, .. } if file == "tokenizer.json");
    assert!(events.iter().any(told), "the folder above is no part of the file's name");
}
