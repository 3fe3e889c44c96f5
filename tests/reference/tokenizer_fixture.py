"""Writes tests/fixtures/tokenizer.json: the tokens that Hugging Face's `tokenizers` gives for awkward texts.

    python tests/reference/tokenizer_fixture.py

It reads the shipped tokenizer.json, so the fixture must be written anew when that file changes. Of requirements.txt it
needs tokenizers only.
"""

import json
import re
import sys
from pathlib import Path

from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "assets/models/mixtral/tokenizer.json"
FIXTURE = ROOT / "tests/fixtures/tokenizer.json"

TEXTS = [
    "",
    " ",
    "   ",
    "\n",
    " \n \n ",
    "Hello, world!",
    "Don't they'll I've l'homme qu’il aujourd'hui",
    "The quick brown fox jumps over the lazy dog. 1234567890 times, 3.14 ± 0.1 %",
    "Größe, weiß, Straßenbahnhaltestelle; ¿dónde está el niño? Où êtes-vous, Zoé ?",
    "　吾輩は猫である。名前はまだ無い。\n　どこで生れたかとんと見当がつかぬ。「ニャーニャー」・ＡＢＣ１２３",
    "def f(x: int) -> list[str]:\n    if x >= 10:\n\t\treturn [f\"{i:02d}\" for i in range(x)]\n    return []\n\n\n# end   \n",
    "pub fn len(&self) -> usize {\n        self.items.iter().map(|item| item.len()).sum::<usize>()\n    }\n",
    "#include <stdio.h>\r\nint main(void)\r\n{\r\n\tprintf(\"%d\\n\", 0x7fff);\r\n\treturn 0;\r\n}\r\n",
    "const f = async ({a, ...rest}) => { await import('./x.js'); return `${a}` ?? null; };",
    "<p class=\"note\">a &amp; b</p>\n<!-- c --> {\"key\": [1, 2.5e-3, null]}",
    "12 + 34 = 46\n7 * 8 = 56\nNatalia sold 48/2 = <<48/2=24>>24 clips.",
    "<|end|>",
    "a<|end|>b",
    " <|end|> \n<|end|><|end|>\n\n",
    "<|end|",
    "<<|end|>>",
    "<|END|> <|end |> <| end|>",
    "\0",
    "a\0b \0 \x01\x1f\x7f\x80\x9f",
    "😀 😀😀 👩‍👩‍👧‍👦 🇯🇵 ☺️ ✌🏽",
    "שלום עולם, مرحبا بالعالم ١٢٣ हिन्दी ไทย 한국어 Ελληνικά Кириллица",
    "\u0301 e\u0301 \u0301\u0302 a\u20dd",
    "\ufeffbom \ufffd \ufffe \uffff \u200b\u200d\u2060",
    "line\u2028sep\u2029par\u0085nel\u00a0nbsp\u3000ideo\u2003em",
    "tabs\t\tand  spaces   \t mixed \n\n  \n x",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠀀𠀁 \U000e0001\U0010ffff",
    "a" * 300,
    "aaaaab" * 40 + "ß" * 60,
    " " * 200,
    " " * 199 + "x",
    "-" * 150 + "\n" * 70,
    "の" * 90,
]


def class_edges(tokenizer: Tokenizer) -> str:
    """The characters on both sides of every edge of the character classes, each after and before others."""
    regex = json.loads(tokenizer.to_str())["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]
    codes = {int(code, 16) for code in re.findall(r"\\[xu]([0-9A-F]{4}|[0-9A-F]{2})", regex)}
    codes |= {ord(c) for c in regex}
    near = {code + step for code in codes for step in (-1, 0, 1)}
    chars = [chr(code) for code in sorted(near) if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF]
    return "".join(f"a{c} {c}." for c in chars)


def main() -> None:
    tokenizer = Tokenizer.from_file(str(SHIPPED))
    shipped = SHIPPED.read_text(encoding="utf-8")
    if tokenizer.to_str() != shipped:
        sys.exit(f"tokenizers writes {SHIPPED} differently from how it stands there")
    texts = [*TEXTS, class_edges(tokenizer)]
    cases = [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts]
    lines = ",\n".join(json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in cases)
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(f"[\n{lines}\n]\n", encoding="ascii")
    print(f"{FIXTURE}: {len(cases)} texts, {sum(len(case['ids']) for case in cases)} tokens")


if __name__ == "__main__":
    main()
