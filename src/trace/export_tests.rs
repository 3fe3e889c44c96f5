use crate::trace::{
    Candidate, Matrix, RunInfo, Sampling, SavedView, Trace, from_json, sample, to_csv, to_json, to_json_with,
};

/// Every field filled, with awkward text.
fn full() -> Trace {
    let mut trace = sample::trace(3, 2, 4, 2);
    trace.text = "a,\"\n".to_owned();
    for (token, (text, range)) in trace.tokens.iter_mut().zip([("a", 0..1), (",\"", 1..3), ("\n", 3..4)]) {
        (token.text, token.start, token.end) = (text.to_owned(), range.start, range.end);
    }
    trace.layers[1].capacity = Some(2);
    trace.layers[1].dropped = Matrix::new(2, vec![false, true, false, false, false, true]);
    let mut weights = trace.layers[1].weights.as_ref().unwrap().as_slice().to_vec();
    (weights[1], weights[5]) = (0.0, 0.0);
    trace.layers[1].weights = Matrix::new(2, weights);
    trace.losses = vec![None, Some(1.5), Some(f32::MIN_POSITIVE)];
    trace.predictions = vec![vec![Candidate { id: 900, text: "\u{0}\u{1f680}".to_owned(), prob: 1.0 }]; 3];
    trace.device = Some(RunInfo { device: "CPU".to_owned(), forward_ms: 0.1, computed_tokens: 3 });
    trace.model.checkpoint = Some("sha256:00".to_owned());
    trace.build = Some("moescope 0.0.0+x".to_owned());
    trace.sampling = Some(Sampling { temperature: 0.1, top_k: 3, top_p: 0.25, seed: u64::MAX });
    trace
}

#[test]
fn json_opens_again_as_the_same_trace() {
    for trace in [full(), sample::trace(40, 4, 64, 8), sample::trace(0, 2, 8, 2), sample::mixed(5), sample::mixed(0)] {
        let again = from_json(&to_json(&trace).unwrap()).unwrap();
        assert_eq!(again, trace);
    }
}

/// All exponents, both signs, random mantissas, and the edges: bit by bit.
#[test]
fn json_gives_back_every_bit_of_a_float() {
    let mut noise = sample::Noise(1);
    let mut floats =
        vec![0.0, -0.0, f32::MIN_POSITIVE, f32::from_bits(1), f32::MAX, f32::MIN, 16_777_217.0, 0.1, 1.0 / 3.0];
    floats.extend((0..40_000).map(|_| f32::from_bits(noise.bits() as u32)).filter(|x| x.is_finite()));
    let mut trace = sample::trace(floats.len(), 1, 1, 1);
    trace.layers[0].logits = Matrix::new(1, floats.clone());
    let losses: Vec<f32> = floats.iter().map(|float| float.abs()).collect();
    trace.losses = losses.iter().copied().map(Some).collect();
    let again = from_json(&to_json(&trace).unwrap()).unwrap();
    let bits = |floats: &[f32]| floats.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(again.layers[0].logits.as_ref().unwrap().as_slice()), bits(&floats));
    assert_eq!(bits(&again.losses.iter().map(|x| x.unwrap()).collect::<Vec<_>>()), bits(&losses));
}

#[test]
fn absent_fields_read_as_absent_and_unknown_ones_are_passed_over() {
    let mut json: serde_json::Value = serde_json::from_str(&to_json(&full()).unwrap()).unwrap();
    let fields = json.as_object_mut().unwrap();
    for field in ["losses", "predictions", "device"] {
        fields.remove(field).unwrap();
    }
    fields.insert("colour".to_owned(), "blue".into());
    for layer in fields["layers"].as_array_mut().unwrap() {
        layer.as_object_mut().unwrap().remove("capacity").unwrap();
        layer.as_object_mut().unwrap().insert("noise".to_owned(), 1.into());
    }
    let trace = from_json(&json.to_string()).unwrap();
    assert!(trace.losses.is_empty() && trace.predictions.is_empty());
    assert_eq!((trace.device, trace.layers[1].capacity), (None, None));
}

/// The example in the module's documentation, and what others record: nothing absent becomes a number.
#[test]
fn a_recording_of_ids_or_counts_alone_opens_and_stays_what_it_is() {
    let example = r#"{"schema": "moescope.trace/2", "text": "Hi", "tokens": [{"id": 5, "text": "Hi", "start": 0, "end": 2}], "next": [],
        "model": {"name": "some model", "router": "", "convention": "", "layers": 1, "experts": 2, "top_k": 1, "computed": "not_recorded"},
        "layers": [{"block": 0, "info": {"experts": 2, "top_k": 1}, "experts": [[1]]}]}"#;
    let opened = from_json(example).unwrap();
    let layer = &opened.layers[0];
    assert_eq!((layer.chosen(0), layer.asked(0, 0), layer.scores(0)), (&[1][..], None, None));
    for trace in [opened, sample::ids_only(6), sample::counted()] {
        assert_eq!(from_json(&to_json(&trace).unwrap()).unwrap(), trace);
    }
    let table = to_csv(&sample::ids_only(1));
    let line = table.lines().nth(1).unwrap();
    assert!(line.ends_with(",,,,"), "weight, prob, logit and dropped are empty: {line}");
    let counted = to_json(&sample::counted()).unwrap();
    let lines = to_csv(&from_json(&counted).unwrap()).lines().count();
    assert_eq!(lines, 1, "counts have no line of a token");
}

/// `moescope.trace/1` has logits, probs, weights and dropped of every layer.
#[test]
fn an_older_file_must_hold_what_its_layout_asks_for() {
    for name in ["logits", "probs", "weights", "dropped"] {
        let mut json: serde_json::Value = serde_json::from_str(&to_json(&sample::trace(3, 2, 4, 2)).unwrap()).unwrap();
        json["layers"][1].as_object_mut().unwrap().remove(name).unwrap();
        assert!(from_json(&json.to_string()).is_ok(), "{name} may be absent now");
        json["schema"] = "moescope.trace/1".into();
        let message = from_json(&json.to_string()).unwrap_err().to_string();
        assert!(message.starts_with(&format!("layer 2 (layers[1].{name}): it is missing")), "{message}");
    }
}

#[test]
fn a_recording_that_was_interfered_with_is_not_shown_as_the_models_own() {
    let json = to_json(&sample::trace(2, 1, 4, 2)).unwrap();
    let odd = json.replace("\"interventions\":[]", "\"interventions\":[{\"kind\":\"expert off\"}]");
    assert_ne!(odd, json);
    assert!(from_json(&odd).unwrap_err().to_string().contains("interventions: this version knows none"));
}

/// `moescope.trace/1` says experts and choices for the whole model only.
#[test]
fn files_without_the_layers_sizes_open() {
    for trace in [sample::trace(3, 2, 4, 2), sample::trace(0, 2, 4, 2)] {
        let mut json: serde_json::Value = serde_json::from_str(&to_json(&trace).unwrap()).unwrap();
        json["schema"] = "moescope.trace/1".into();
        for layer in json["layers"].as_array_mut().unwrap() {
            layer.as_object_mut().unwrap().remove("info").unwrap();
        }
        assert_eq!(from_json(&json.to_string()).unwrap(), trace);
        json["schema"] = "moescope.trace/2".into();
        assert!(from_json(&json.to_string()).unwrap_err().to_string().contains("layers[..].info"));
    }
}

#[test]
fn what_was_selected_is_kept_beside_the_trace() {
    let trace = full();
    let view = SavedView { layer: 1, token: 2, expert: Some(3), generated: Some(3) };
    let json = to_json_with(&trace, &view).unwrap();
    assert_eq!(from_json(&json).unwrap(), trace, "the trace is as it is without a selection");
    assert_eq!(SavedView::from_json(&json), Some(view));
    assert_eq!(SavedView::from_json(&to_json(&trace).unwrap()), None);
    let odd = json.replace("\"layer\":1,\"token\":2", "\"layer\":-1");
    assert_ne!(odd, json);
    assert_eq!(SavedView::from_json(&odd), None);
    assert_eq!(from_json(&odd).unwrap(), trace, "a selection that cannot be read is no reason not to open");
}

#[test]
fn what_is_not_a_trace_gives_an_error() {
    let good = to_json(&full()).unwrap();
    let deep = "[".repeat(100_000);
    let odd = [
        "",
        "null",
        "[]",
        "{}",
        "{\"schema\":1}",
        "\u{0}",
        &deep,
        &good[..good.len() / 2],
        "NaN",
        "{\"layers\":[[[]]]}",
    ];
    for json in odd {
        assert!(from_json(json).is_err(), "{}", json.chars().take(30).collect::<String>());
    }
    for (json, words) in [
        ("[1, 2]", "it is a list of 2 and not an object"),
        ("{\"model_type\": \"x\"}", "schema, model, text, tokens, layers and next are missing"),
        (&good.replacen("\"next\":", "\"after\":", 1), ": next is missing"),
    ] {
        let said = from_json(json).unwrap_err().to_string();
        assert!(said.starts_with("it is JSON, but no moescope trace: ") && said.ends_with(words), "{said}");
    }
    let words = from_json(&good[..good.len() / 2]).unwrap_err().to_string();
    let half = crate::format::thousands(good.len() / 2);
    assert_eq!(words, format!("this is not a whole moescope trace: it breaks off after {half} bytes"));
    let ragged = good.replacen("\"experts\":[[", "\"experts\":[[0],[", 1);
    assert!(from_json(&ragged).unwrap_err().to_string().contains("rows of different lengths"));
    let huge = good.replacen("\"prob\":1.0", "\"prob\":1e999", 1);
    assert_ne!(huge, good);
    assert!(from_json(&huge).is_err());
    assert!(from_json(&format!("\u{feff}{good}")).is_ok(), "editors like to put a byte-order mark in front");
}

#[test]
fn a_number_that_is_not_finite_is_not_written() {
    let mut trace = full();
    trace.layers[0].probs = Matrix::new(4, vec![f32::NAN; 12]);
    assert!(to_json(&trace).is_err());
}

/// Reads the table back with a reader written from RFC 4180, section 2.
fn read(table: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut inside) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = table.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' => inside = !inside,
            ',' if !inside => row.push(std::mem::take(&mut field)),
            '\r' if !inside => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(field.is_empty() && row.is_empty() && !inside, "the last line ends");
    rows
}

#[test]
fn the_table_has_a_line_for_each_token_layer_and_choice() {
    let trace = full();
    let table = to_csv(&trace);
    let rows = read(table.strip_prefix('\u{feff}').expect("the mark of UTF-8"));
    assert_eq!(rows.len(), 1 + 3 * 2 * 2);
    let column = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    for row in &rows {
        assert_eq!(row.len(), rows[0].len());
    }
    for row in &rows[1..] {
        let get = |name: &str| row[column(name)].as_str();
        // Counted from 1, as on the screen.
        let [t, l, c, e] = ["token", "layer", "choice", "expert"].map(|name| get(name).parse::<usize>().unwrap() - 1);
        assert_eq!(get("block"), (trace.layers[l].block + 1).to_string());
        let layer = &trace.layers[l];
        assert_eq!(get("text"), trace.tokens[t].text);
        assert_eq!(usize::from(layer.experts.row(t)[c]), e);
        for (name, value) in [
            ("weight", layer.weights(t).unwrap()[c]),
            ("prob", layer.scores(t).unwrap()[e]),
            ("logit", layer.logits(t).unwrap()[e]),
        ] {
            assert_eq!(get(name).parse::<f32>().unwrap().to_bits(), value.to_bits());
        }
        assert_eq!(get("dropped"), layer.is_dropped(t, c).to_string());
    }
}

/// Cells of an opened trace are whatever somebody wrote; a spreadsheet runs what begins with one of these signs (OWASP, "CSV
/// injection"), also behind spaces, and where it splits cells at another sign than ours.
#[test]
fn no_cell_runs_in_a_spreadsheet() {
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let mut texts: Vec<String> = signs.iter().map(|sign| format!("{sign}1+1")).collect();
    texts.extend(
        ["=HYPERLINK(\"x\",\"y\")", " =1", "\t=1", "\n@a", "a;=1", "a\t-1", "\"=1", "-", " -"].map(str::to_owned),
    );
    let harmless = ["a=1", "1-1", " gulls", "E=mc", "'s", "…", "=".repeat(0).as_str()].map(str::to_owned);
    let mut trace = sample::trace(texts.len() + harmless.len(), 1, 2, 1);
    for (token, text) in trace.tokens.iter_mut().zip(texts.iter().chain(&harmless)) {
        token.text.clone_from(text);
    }
    let table = to_csv(&trace);
    let cells: Vec<String> = read(&table)[1..].iter().map(|row| row[2].clone()).collect();
    for (cell, text) in cells.iter().zip(&texts) {
        let pieces = cell.split([',', ';', '|', '"', '\t', '\r', '\n']);
        assert!(pieces.clone().all(|piece| !piece.trim_start().starts_with(signs)), "{cell:?}");
        assert_eq!(cell.replace('\'', ""), *text, "nothing else changes");
    }
    assert_eq!(cells[texts.len()..], harmless);
}
