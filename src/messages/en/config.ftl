### What cannot be in a model's config.json.

# $detail (String) what the library says
unreadable = config.json cannot be read: { $detail }.

no-model-type = config.json: model_type is missing, so nothing says what kind of model this is.
# $kind (String)
other-architecture = config.json: this is a model of another architecture, `{ $kind }`.
# $kind (String)
# $classes (String)
other-architecture-of = config.json: this is a model of another architecture, `{ $kind }` ({ $classes }).
# $classes (String)
other-class = config.json: architectures is { $classes }, which is not MixtralForCausalLM.

mixtral-with-router = config.json: model_type is `mixtral`, but router is set, which makes it a `moescope`.
mixtral-with-shared = config.json: model_type is `mixtral`, but num_shared_experts is set, which makes it a `moescope`.
plain-moescope = config.json: model_type is `moescope`, but neither router nor num_shared_experts is set: that is a `mixtral`.

# $name (String)
activation = config.json: hidden_act is `{ $name }`; only `silu` can be run here.
# $field (String)
# $value (Number)
# $most (Number)
size = config.json: { $field } is { $value }; it must be from 1 to { $most }.
# $chosen (Number)
# $experts (Number)
choices = config.json: num_experts_per_tok is { $chosen }, but there are only { $experts } experts (num_local_experts).
# $kv (Number)
# $heads (Number)
key-value-heads = config.json: num_key_value_heads ({ $kv }) must divide num_attention_heads ({ $heads }).
# $heads (Number)
# $width (Number)
heads = config.json: num_attention_heads ({ $heads }) must divide hidden_size ({ $width }).
# $width (Number)
head-width = config.json: the head width is { $width }; rotary positions need an even one.
not-positive = config.json: rope_theta must be positive and rms_norm_eps not negative.

## Fields that change the computation: the field, its value, and what alone can be computed.

# $field (String)
# $value (String)
only-plain-rotary = config.json: `{ $field }` is { $value }; only plain rotary positions can be computed here.
# $field (String)
# $value (String)
only-default-rotary = config.json: `{ $field }` is { $value }; only `default` can be computed here.
# $field (String)
# $value (String)
only-whole-heads = config.json: `{ $field }` is { $value }; only 1, whole heads turned, can be computed here.
# $field (String)
# $value (String)
only-same-theta = config.json: `{ $field }` is { $value }; only the same rope_theta in both places can be computed here.
# $field (String)
# $value (String)
only-one = config.json: `{ $field }` is { $value }; only 1 can be computed here.
# $field (String)
# $value (String)
only-sum-of-one = config.json: `{ $field }` is { $value }; only true, weights that add up to 1, can be computed here.
# $field (String)
# $value (String)
only-softmax = config.json: `{ $field }` is { $value }; only softmax can be computed here.
# $field (String)
# $value (String)
only-silu = config.json: `{ $field }` is { $value }; only silu can be computed here.
# $field (String)
# $value (String)
only-window-where-set = config.json: `{ $field }` is { $value }; only true where sliding_window is set can be computed here.
# $field (String)
# $value (String)
only-same-attention = config.json: `{ $field }` is { $value }; only the same attention in all layers, as sliding_window has it, can be computed here.
# $field (String)
# $value (String)
only-same-experts = config.json: `{ $field }` is { $value }; only what num_local_experts says can be computed here.
# $field (String)
# $value (String)
only-scaled-scores = config.json: `{ $field }` is { $value }; only scores divided by the root of the head’s width can be computed here.
# $field (String)
# $value (String)
only-uncapped = config.json: `{ $field }` is { $value }; only numbers that are not capped can be computed here.
# $field (String)
# $value (String)
only-plain-weights = config.json: `{ $field }` is { $value }; only weights as plain numbers can be computed here.
# $field (String)
# $value (String)
only-no-bias = config.json: `{ $field }` is { $value }; only layers without a bias can be computed here.
# $field (String)
# $value (String)
only-decoder-alone = config.json: `{ $field }` is { $value }; only a decoder alone, with all its heads, can be computed here.
# $field (String)
# $value (String)
only-plain-queries = config.json: `{ $field }` is { $value }; only queries and keys as they are can be computed here.
# $field (String)
# $value (String)
only-routed-alone = config.json: `{ $field }` is { $value }; only routed experts alone in every layer can be computed here.
# $field (String)
# $value (String)
unknown-field = config.json: `{ $field }` is { $value }; moescope does not know whether that changes what the model computes, and does not guess.

## The router's constants

# $chosen (Number)
# $k (Number)
router-exactly = config.json: router: the method chooses { $chosen } for a token, so k must be { $chosen }, not { $k }.
# $experts (Number)
# $k (Number)
router-all = config.json: router: any expert may have a share in a token here, so k must be { $experts }, not { $k }.
# $groups (Number)
# $experts (Number)
router-groups = config.json: router: groups is { $groups }; it must divide the { $experts } experts.
# $groups (Number)
# $top_groups (Number)
# $experts (Number)
# $k (Number)
router-chosen-groups = config.json: router: groups is { $groups } and top_groups { $top_groups }; groups must divide the { $experts } experts, top_groups be from 1 to groups and divide the { $k } choices, and a group hold the choices made in it.
# $factor (Number)
# $group (Number)
# $experts (Number)
router-capacity = config.json: router: capacity_factor is { $factor } and group { $group }; the factor must be above 0 and at most { $experts }, the group at least 1.
# $slots (Number)
# $group (Number)
# $most (Number)
router-slots = config.json: router: slots is { $slots } and group { $group }; slots must be from 1 to { $most }, the group at least 1.
# $tasks (Number)
# $experts (Number)
router-tasks = config.json: router: tasks is { $tasks }, and there are { $experts } blocks; at least 1 task and 2 blocks are needed.
# $speed (Number)
router-bias-speed = config.json: router: bias_speed is { $speed }; it must be 0 or more.
# $speed (Number)
# $scaling (Number)
router-speed-and-scaling = config.json: router: bias_speed is { $speed } and scaling { $scaling }; the speed must be 0 or more, the scaling above 0.
