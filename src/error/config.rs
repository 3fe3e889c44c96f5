//! What can be wrong with `config.json`.

use super::Advice;
use crate::messages::config;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a `config.json` cannot be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ConfigFault {
    /// A field is missing or of another type.
    Unreadable {
        /// What `serde_json` says.
        detail: String,
    },
    /// Nothing says what kind of model it is.
    NoModelType,
    /// It is a model of another architecture.
    OtherArchitecture {
        /// `model_type`.
        model_type: String,
        /// `architectures`.
        classes: Vec<String>,
    },
    /// It is a Mixtral with another head.
    OtherClass {
        /// `architectures`.
        classes: Vec<String>,
    },
    /// It is called `mixtral`, and `router` is set.
    MixtralWithRouter,
    /// It is called `mixtral`, and `num_shared_experts` is set.
    MixtralWithShared,
    /// It is called `moescope`, and nothing of it is.
    PlainMoescope,
    /// The router's constants cannot be.
    Router(RouterFault),
    /// The activation is not SiLU.
    Activation {
        /// `hidden_act`.
        name: String,
    },
    /// A size is out of its bounds.
    Size {
        /// The field.
        field: String,
        /// Its value.
        value: usize,
        /// The largest that it may be.
        most: usize,
    },
    /// More experts are chosen than there are.
    Choices {
        /// `num_experts_per_tok`.
        chosen: usize,
        /// `num_local_experts`.
        experts: usize,
    },
    /// The key and value heads do not divide the query heads.
    KeyValueHeads {
        /// `num_key_value_heads`.
        key_value: usize,
        /// `num_attention_heads`.
        heads: usize,
    },
    /// The heads do not divide the width.
    Heads {
        /// `num_attention_heads`.
        heads: usize,
        /// `hidden_size`.
        width: usize,
    },
    /// A head's width is odd or 0.
    HeadWidth {
        /// It.
        width: usize,
    },
    /// `rope_theta` or `rms_norm_eps` is out of its bounds.
    NotPositive,
    /// A field changes the computation, and only one value of it is computed here.
    Field {
        /// Its name.
        field: String,
        /// Its value, shortened.
        value: String,
        /// What is computed here.
        only: Only,
    },
    /// A field that nobody here knows.
    UnknownField {
        /// Its name.
        field: String,
        /// Its value, shortened.
        value: String,
    },
}

/// What alone can be computed here, where a field of `config.json` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Only {
    /// Rotary positions without scaling.
    PlainRotary,
    /// Rotary positions of kind `default`.
    DefaultRotary,
    /// Rotary positions over whole heads.
    WholeHeads,
    /// The same base of rotary positions wherever it stands.
    SameTheta,
    /// The number 1.
    One,
    /// Weights that add up to 1.
    SumOfOne,
    /// Softmax.
    Softmax,
    /// SiLU.
    Silu,
    /// A window wherever one is set.
    WindowWhereSet,
    /// The same attention in all layers.
    SameAttention,
    /// One number of experts.
    SameExperts,
    /// Scores divided by the root of the head's width.
    ScaledScores,
    /// Numbers that are not capped.
    Uncapped,
    /// Weights that are not quantized.
    PlainWeights,
    /// Layers without a bias.
    NoBias,
    /// A decoder alone.
    DecoderAlone,
    /// Queries and keys that are not normalised.
    PlainQueries,
    /// Routed experts alone in every layer.
    RoutedAlone,
}

/// Why a router's constants cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum RouterFault {
    /// The method chooses another number of experts.
    Exactly {
        /// The method's number.
        chosen: usize,
        /// The config's.
        k: usize,
    },
    /// The method chooses any number of experts.
    All {
        /// Experts.
        experts: usize,
        /// The config's number.
        k: usize,
    },
    /// The groups do not divide the experts.
    Groups {
        /// Groups.
        groups: usize,
        /// Experts.
        experts: usize,
    },
    /// The groups, the chosen groups and the choices do not fit together.
    ChosenGroups {
        /// Groups.
        groups: usize,
        /// Chosen groups.
        top_groups: usize,
        /// Experts.
        experts: usize,
        /// Choices.
        k: usize,
    },
    /// The capacity factor or the group is out of its bounds.
    Capacity {
        /// The factor.
        factor: f64,
        /// Tokens in a group.
        group: usize,
        /// Experts.
        experts: usize,
    },
    /// The slots or the group are out of their bounds.
    Slots {
        /// Slots of an expert.
        slots: usize,
        /// Tokens in a group.
        group: usize,
        /// The most slots.
        most: usize,
    },
    /// There are too few tasks or experts.
    Tasks {
        /// Tasks.
        tasks: usize,
        /// Experts.
        experts: usize,
    },
    /// The bias' speed is negative or not finite.
    BiasSpeed {
        /// It.
        speed: f64,
    },
    /// The bias' speed or the scaling is out of its bounds.
    SpeedAndScaling {
        /// The speed.
        speed: f64,
        /// The scaling of the weights.
        scaling: f64,
    },
}

impl ConfigFault {
    pub(super) fn advice(&self) -> Option<Advice> {
        match self {
            Self::Unreadable { .. } => Some(Advice::OtherModel),
            Self::NoModelType | Self::OtherArchitecture { .. } | Self::OtherClass { .. } => Some(Advice::WhatOpens),
            Self::UnknownField { .. } => Some(Advice::TakeOut),
            _ => None,
        }
    }

    pub(super) fn said(&self) -> String {
        match self {
            Self::Unreadable { detail } => config::unreadable(detail),
            Self::NoModelType => config::no_model_type().to_owned(),
            Self::OtherArchitecture { model_type, classes } if classes.is_empty() => {
                config::other_architecture(model_type)
            }
            Self::OtherArchitecture { model_type, classes } => {
                config::other_architecture_of(model_type, classes.join(", "))
            }
            Self::OtherClass { classes } => config::other_class(classes.join(", ")),
            Self::MixtralWithRouter => config::mixtral_with_router().to_owned(),
            Self::MixtralWithShared => config::mixtral_with_shared().to_owned(),
            Self::PlainMoescope => config::plain_moescope().to_owned(),
            Self::Router(fault) => fault.to_string(),
            Self::Activation { name } => config::activation(name),
            Self::Size { field, value, most } => config::size(field, *value, *most),
            Self::Choices { chosen, experts } => config::choices(*chosen, *experts),
            Self::KeyValueHeads { key_value, heads } => config::key_value_heads(*key_value, *heads),
            Self::Heads { heads, width } => config::heads(*heads, *width),
            Self::HeadWidth { width } => config::head_width(*width),
            Self::NotPositive => config::not_positive().to_owned(),
            Self::Field { field, value, only } => only.said(field, value),
            Self::UnknownField { field, value } => config::unknown_field(field, value),
        }
    }
}

impl Only {
    /// A sentence of the field with that value.
    fn said(self, field: &str, value: &str) -> String {
        match self {
            Self::PlainRotary => config::only_plain_rotary(field, value),
            Self::DefaultRotary => config::only_default_rotary(field, value),
            Self::WholeHeads => config::only_whole_heads(field, value),
            Self::SameTheta => config::only_same_theta(field, value),
            Self::One => config::only_one(field, value),
            Self::SumOfOne => config::only_sum_of_one(field, value),
            Self::Softmax => config::only_softmax(field, value),
            Self::Silu => config::only_silu(field, value),
            Self::WindowWhereSet => config::only_window_where_set(field, value),
            Self::SameAttention => config::only_same_attention(field, value),
            Self::SameExperts => config::only_same_experts(field, value),
            Self::ScaledScores => config::only_scaled_scores(field, value),
            Self::Uncapped => config::only_uncapped(field, value),
            Self::PlainWeights => config::only_plain_weights(field, value),
            Self::NoBias => config::only_no_bias(field, value),
            Self::DecoderAlone => config::only_decoder_alone(field, value),
            Self::PlainQueries => config::only_plain_queries(field, value),
            Self::RoutedAlone => config::only_routed_alone(field, value),
        }
    }
}

impl fmt::Display for RouterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match *self {
            Self::Exactly { chosen, k } => config::router_exactly(chosen, k),
            Self::All { experts, k } => config::router_all(experts, k),
            Self::Groups { groups, experts } => config::router_groups(groups, experts),
            Self::ChosenGroups { groups, top_groups, experts, k } => {
                config::router_chosen_groups(groups, top_groups, experts, k)
            }
            Self::Capacity { factor, group, experts } => config::router_capacity(factor, group, experts),
            Self::Slots { slots, group, most } => config::router_slots(slots, group, most),
            Self::Tasks { tasks, experts } => config::router_tasks(tasks, experts),
            Self::BiasSpeed { speed } => config::router_bias_speed(speed),
            Self::SpeedAndScaling { speed, scaling } => config::router_speed_and_scaling(speed, scaling),
        })
    }
}

impl std::error::Error for RouterFault {}
