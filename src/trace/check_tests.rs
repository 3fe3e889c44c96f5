use crate::trace::{Candidate, Counts, Matrix, Trace, sample};

fn complaint(spoil: impl FnOnce(&mut Trace)) -> String {
    let mut trace = sample::trace(6, 3, 8, 2);
    assert_eq!(trace.check(), Ok(()));
    spoil(&mut trace);
    trace.check().unwrap_err().to_string()
}

#[test]
fn sound_traces_of_any_size_pass() {
    for (tokens, layers, experts, k) in [(0, 1, 1, 1), (1, 1, 1, 1), (18, 4, 8, 2), (40, 8, 64, 8)] {
        assert_eq!(sample::trace(tokens, layers, experts, k).check(), Ok(()));
    }
}

#[test]
fn another_schema_is_named() {
    assert!(complaint(|trace| trace.schema = "x".repeat(1000)).contains("moescope.trace/1"));
}

#[test]
fn a_model_that_cannot_be_is_refused() {
    assert!(complaint(|trace| trace.model.experts = 0).contains("model.experts"));
    assert!(complaint(|trace| trace.model.experts = usize::MAX).contains("model.experts"));
    assert!(complaint(|trace| trace.model.top_k = 9).contains("9 of 8 experts"));
    assert!(complaint(|trace| trace.model.top_k = 0).contains("model.top_k"));
    assert!(complaint(|trace| trace.model.layers = 4).contains("there are 3, but model.layers says 4"));
    assert!(complaint(|trace| trace.model.constants.shared = 4_000_000_000).starts_with("model.constants.shared"));
    assert!(complaint(|trace| trace.model.constants.scaling = Some(-1.0)).starts_with("model.constants.scaling"));
    assert!(complaint(|trace| trace.model.constants.scaling = Some(3e38)).starts_with("model.constants.scaling"));
    let groups =
        |trace: &mut Trace| (trace.model.constants.groups, trace.model.constants.top_groups) = (Some(4), Some(5));
    assert!(complaint(groups).starts_with("model.constants.top_groups: 5, but it must be between 1 and 4"));
    assert!(complaint(|trace| trace.model.constants.slots = Some(0)).starts_with("model.constants.slots"));
    assert!(complaint(|trace| trace.layers[1].capacity = Some(0)).starts_with("layer 2 (layers[1].capacity)"));
}

/// No rule and no rounding makes a probability negative.
#[test]
fn a_little_below_0_is_refused_too() {
    let said = complaint(|trace| {
        trace.model.convention = "as it likes".to_owned();
        trace.layers[1].logits = None;
        trace.layers[1].probs = Matrix::new(8, [vec![0.5, -1e-4], vec![0.0; 46]].concat());
    });
    assert!(said.contains("the score of expert 2 (entry 1) is -0.0001"), "{said}");
}

#[test]
fn layers_may_differ_and_must_say_so() {
    assert_eq!(sample::mixed(6).check(), Ok(()));
    let complaint = |spoil: fn(&mut Trace)| {
        let mut trace = sample::mixed(6);
        spoil(&mut trace);
        trace.check().unwrap_err().to_string()
    };
    let message = complaint(|trace| trace.layers[0].info.experts = 8);
    assert!(message.starts_with("layer 1 (layers[0].logits): 6 rows of 4"), "{message}");
    let message = complaint(|trace| trace.layers[0].info.top_k = 5);
    assert!(message.starts_with("model.experts and model.top_k: they say 8 and 2"), "{message}");
    let message = complaint(|trace| trace.layers[0].info.experts = 0);
    assert!(message.starts_with("layer 1 (layers[0].info.experts): 0"), "{message}");
    let message = complaint(|trace| trace.layers[0].info.top_k = 0);
    assert!(message.starts_with("layer 1 (layers[0].info.top_k): 0"), "{message}");
    let message = complaint(|trace| trace.layers[1].info.method = Some("unheard-of".to_owned()));
    assert!(message.starts_with("layer 2 (layers[1].info.method): “unheard-of” is no method"), "{message}");
}

#[test]
fn counts_must_be_possible() {
    assert_eq!(sample::counted().check(), Ok(()));
    let complaint = |tokens: u64, load: &[u64]| {
        let mut trace = sample::counted();
        trace.layers[0].counts = Some(Counts { tokens, load: load.to_vec() });
        trace.check().unwrap_err().to_string()
    };
    assert!(complaint(100, &[1, 1, 1]).contains("layer 1 (layers[0].counts): 3 counts for 4 experts"));
    assert!(complaint(100, &[101, 1, 1, 1]).contains("expert 1 (load[0]) was chosen 101 times by 100 tokens"));
    assert!(complaint(2, &[2, 2, 1, 0]).contains("5 choices are more than 2 of each of 2 tokens"));
    assert!(complaint(u64::MAX, &[u64::MAX; 4]).contains("are more than 2 of each"));
    let mut both = sample::trace(3, 1, 4, 2);
    both.layers[0].counts = Some(Counts { tokens: 3, load: vec![2, 2, 1, 1] });
    assert!(both.check().unwrap_err().to_string().contains("leave the counts out"));
}

#[test]
fn attention_looks_back_and_adds_up() {
    let with = |rows: Vec<f32>| {
        let mut trace = sample::trace(2, 1, 4, 2);
        trace.layers[0].attention = Some(vec![Matrix::new(2, rows).unwrap()]);
        trace.check().map_err(|error| error.to_string())
    };
    assert_eq!(with(vec![1.0, 0.0, 0.25, 0.75]), Ok(()));
    assert_eq!(with(vec![0.5, 0.0, 0.0, 0.0]), Ok(()), "a sink may have the rest");
    assert!(with(vec![0.5, 0.5, 0.0, 1.0]).unwrap_err().contains("token 1 (layers[0].attention[0][0]): entry 1"));
    assert!(with(vec![1.0, 0.0, 0.75, 0.75]).unwrap_err().contains("add up to 1.5"));
    assert!(with(vec![1.0, 0.0, -0.5, 0.5]).unwrap_err().contains("between 0 and 1"));
    assert!(with(vec![1.0, 0.0]).unwrap_err().contains("1 rows of 2"));
}

#[test]
fn blocks_are_counted() {
    let mut trace = sample::trace(2, 3, 4, 2);
    trace.model.blocks = Some(3);
    assert_eq!(trace.check(), Ok(()));
    trace.model.blocks = Some(2);
    assert!(trace.check().unwrap_err().to_string().contains("layer 3 (layers[2].block): 2, but model.blocks says 2"));
}

/// The same numbers under two methods: what one layer names holds for that layer alone.
#[test]
fn a_layer_is_held_to_the_method_that_it_names() {
    let mut trace = sample::trace(6, 2, 8, 2);
    trace.layers[1].info.method = Some("mixtral".to_owned());
    assert_eq!(trace.check(), Ok(()));
    trace.layers[1].info.method = Some("olmoe".to_owned());
    let message = trace.check().unwrap_err().to_string();
    assert!(message.starts_with("layer 2, token 1 (layers[1].weights[0]): the weight of choice 1"), "{message}");
    assert!(message.contains("as the convention “softmax over all experts, not "), "{message}");
}

#[test]
fn a_wrong_shape_names_the_layer() {
    let message = complaint(|trace| trace.layers[1].probs = Matrix::new(8, vec![0.0; 40]));
    assert!(message.starts_with("layer 2 (layers[1].probs): 5 rows of 8"), "{message}");
    let message = complaint(|trace| trace.layers[2].weights = Matrix::new(3, vec![0.0; 18]));
    assert!(message.starts_with("layer 3 (layers[2].weights): 6 rows of 3"), "{message}");
}

#[test]
fn choices_that_cannot_be_name_layer_and_token() {
    let experts = |ids: Vec<u16>| move |trace: &mut Trace| trace.layers[0].experts = Matrix::new(2, ids).unwrap();
    let message = complaint(experts(vec![0, 1, 0, 1, 0, 8, 0, 1, 0, 1, 0, 1]));
    assert!(message.starts_with("layer 1, token 3 (layers[0].experts[2]): expert 8 does not exist"), "{message}");
    let message = complaint(experts(vec![0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 5, 5]));
    assert!(message.contains("token 6") && message.contains("chosen twice"), "{message}");
    let weights = [0.6, 0.4, 0.6, 0.4, 0.6, 0.4, 0.3, 0.7, 0.6, 0.4, 0.6, 0.4].to_vec();
    let message = complaint(|trace| trace.layers[0].weights = Matrix::new(2, weights));
    assert!(message.contains("token 4") && message.contains("descending"), "{message}");
}

#[test]
fn numbers_must_be_finite() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut logits = vec![0.0; 48];
        logits[19] = bad;
        let message = complaint(|trace| trace.layers[2].logits = Matrix::new(8, logits));
        assert!(message.starts_with("layer 3, token 3 (layers[2].logits[2]): entry 3"), "{message}");
    }
    assert!(complaint(|trace| trace.losses = vec![Some(f32::NAN); 6]).contains("losses[0]"));
    assert!(complaint(|trace| trace.losses = vec![Some(-4.0); 6]).contains("cannot be below 0"));
    assert!(complaint(|trace| trace.next[0].prob = 1.5).contains("next"));
}

/// Under a convention that nobody knows, too: panels would print them as probabilities.
#[test]
fn scores_are_probabilities_under_any_convention() {
    for (bad, said) in [(3e38, "3e38"), (-1.0, "-1.0"), (1.5, "1.5"), (1.01, "1.01"), (-0.005, "-0.005")] {
        for convention in ["as it likes", "1: no router", "softmax over the kept logits"] {
            let message = complaint(|trace| {
                trace.model.convention = convention.to_owned();
                let mut probs = vec![0.125; 48];
                probs[19] = bad;
                trace.layers[2].probs = Matrix::new(8, probs);
                for layer in &mut trace.layers[..2] {
                    layer.probs = Matrix::new(8, vec![0.125; 48]);
                    layer.logits = Matrix::new(8, vec![0.0; 48]);
                    layer.weights = Matrix::new(2, vec![if convention == "1: no router" { 1.0 } else { 0.5 }; 12]);
                }
                trace.layers[2].logits = Matrix::new(8, vec![0.0; 48]);
                trace.layers[2].weights = trace.layers[0].weights.clone();
            });
            let place = "layer 3, token 3 (layers[2].probs[2]): the score of expert 4 (entry 3) is ";
            assert!(message.starts_with(place) && message.contains(said), "{convention}: {message}");
        }
    }
    let message = complaint(|trace| {
        trace.model.convention = "1: the policy picks one block; 0 for pass".to_owned();
        let mut policy = vec![0.0; 8];
        policy[2] = 3e38;
        trace.layers[0].extra = Matrix::new(8, policy).unwrap();
    });
    assert!(message.starts_with("layer 1, row 1 (layers[0].extra[0]): the score of expert 3"), "{message}");
    let message = complaint(|trace| {
        trace.model.convention = "1: the policy picks one block; 0 for pass".to_owned();
        trace.layers[0].extra = Matrix::new(8, vec![0.5; 8]).unwrap();
    });
    assert!(message.contains("(layers[0].extra[0]): the probabilities add up to 4.0000"), "{message}");
}

#[test]
fn numbers_that_no_rule_makes_are_refused_under_any_convention() {
    let unlisted = |change: &dyn Fn(&mut Trace)| {
        complaint(|trace| {
            trace.model.convention = "as it likes".to_owned();
            change(trace);
        })
    };
    let weights = unlisted(&|trace| {
        trace.layers[1].weights = Matrix::new(2, [vec![3e38, 0.5], vec![0.5; 10]].concat());
    });
    assert!(weights.starts_with("layer 2, token 1 (layers[1].weights[0]): entry 0 is 3e38"), "{weights}");
    let below = unlisted(&|trace| {
        trace.layers[1].weights = Matrix::new(2, [vec![0.5, -3.0], vec![0.5; 10]].concat());
    });
    assert!(below.starts_with("layer 2, token 1 (layers[1].weights[0]): entry 1 is -3.0; no rule"), "{below}");
    let next = unlisted(&|trace| {
        let candidate = |id| Candidate { id, text: "a".to_owned(), prob: 0.9 };
        trace.next = vec![candidate(1), candidate(2)];
    });
    assert!(next.contains("add up to"), "{next}");
}

/// Where the words of the convention claim a softmax: 0.125 each, and 0.005 more is more than the 0.0039 of bfloat16's rounding.
/// Elsewhere each may be 1 by itself.
#[test]
fn probabilities_add_up_to_no_more_than_1() {
    let with = |convention: &str, first: f32| {
        let mut trace = sample::trace(1, 1, 8, 2);
        trace.model.convention = convention.to_owned();
        let layer = &mut trace.layers[0];
        layer.logits = None;
        layer.weights = Matrix::new(2, vec![0.5, 0.5]);
        layer.probs = Matrix::new(8, [vec![first], vec![0.125; 7]].concat());
        trace.check().map_err(|error| error.to_string())
    };
    let softmax = "softmax over the kept logits";
    assert!(with(softmax, 0.13).unwrap_err().contains("the scores add up to 1.005 and not to 1"));
    assert_eq!((with(softmax, 0.1285), with("as it likes", 1.0)), (Ok(()), Ok(())));
}

#[test]
fn lists_have_an_entry_for_each_token() {
    assert!(complaint(|trace| trace.losses = vec![None; 5]).contains("losses: 5 entries for 6 tokens"));
    assert!(complaint(|trace| trace.predictions = vec![Vec::new(); 7]).contains("predictions: 7"));
}

#[test]
fn byte_ranges_lie_in_the_text_in_order_and_between_characters() {
    assert!(complaint(|trace| trace.tokens[5].end = 999).contains("token 6"));
    assert!(complaint(|trace| trace.tokens[5].end = usize::MAX).contains("has only"));
    assert!(complaint(|trace| trace.tokens[2].end = 0).contains("ends before it begins"));
    assert!(complaint(|trace| trace.tokens[3].start = 0).contains("in front of it"));
    let message = complaint(|trace| trace.text.replace_range(2..4, "é"));
    assert!(message.contains("inside a character"), "{message}");
}

#[test]
fn a_token_says_what_the_text_has_there() {
    let message = complaint(|trace| trace.tokens[1].text = "<b>".to_owned());
    assert!(message.contains("token 2 (tokens[1])") && message.contains("“<b>”"), "{message}");
    // The same for a token that pretends to be a piece of a character.
    assert!(complaint(|trace| trace.tokens[1].text = "\\xC3<b>".to_owned()).contains("tokens[1]"));
}

#[test]
fn a_loss_is_that_of_its_prediction() {
    let predicted = |trace: &mut Trace, loss: f32| {
        let id = trace.tokens[2].id;
        trace.predictions = vec![Vec::new(); 6];
        trace.predictions[1] = vec![Candidate { id, text: trace.tokens[2].text.clone(), prob: 0.5 }];
        trace.losses = vec![None; 6];
        trace.losses[2] = Some(loss);
    };
    assert!(complaint(|trace| predicted(trace, 1.5)).contains("losses[2]"));
    let mut trace = sample::trace(6, 3, 8, 2);
    predicted(&mut trace, std::f32::consts::LN_2);
    assert_eq!(trace.check(), Ok(()));
}

#[test]
fn a_token_may_be_a_piece_of_a_character() {
    let mut trace = sample::trace(2, 1, 2, 1);
    trace.text = "é".to_owned();
    for (token, (text, start)) in trace.tokens.iter_mut().zip([("\\xC3", 0), ("\\xA9", 1)]) {
        (token.text, token.start, token.end) = (text.to_owned(), start, start + 1);
    }
    assert_eq!(trace.check(), Ok(()));
    trace.text.clear();
    assert_eq!(trace.check(), Ok(()), "a generation may stop inside a character");
}
