//! Functions of a small language.

use super::TextDraw;

const VERBS: &[&str] = &["add", "find", "read", "sort", "count", "merge", "print", "check"];
const NOUNS: &[&str] = &["item", "list", "node", "row", "word", "key", "total", "index"];
const OPERATORS: &[&str] = &["+", "-", "*", "%"];

/// One function.
pub fn document(draw: &mut TextDraw) -> String {
    let (verb, noun) = (draw.pick(VERBS), draw.pick(NOUNS));
    let (first, second) = (draw.pick(&["a", "b", "x"]), draw.pick(&["n", "i", "size"]));
    let mut out = format!("fn {verb}_{noun}({first}, {second}) {{\n");
    for _ in 0..1 + draw.below(3) {
        let (operator, number) = (draw.pick(OPERATORS), draw.below(10));
        out += &match draw.below(4) {
            0 => format!("    let {noun} = {first} {operator} {number};\n"),
            1 => format!("    if {second} > {number} {{\n        return {first};\n    }}\n"),
            2 => {
                format!("    for {second} in 0..{number} {{\n        {first} = {first} {operator} {second};\n    }}\n")
            }
            _ => format!("    {verb}({first}, {number});\n"),
        };
    }
    out + &format!("    return {second};\n}}\n")
}
