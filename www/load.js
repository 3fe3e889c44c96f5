// Loads a binary with its script, and sees that both are of one build. `cargo xtask` writes into each of them which build it
// is, and behind the addresses of all scripts and binaries (`?b=…`), so that a cache does not give one of another build.
const SECTION = "moescope-build";

export async function load(name, query) {
  let found = await parts(name, query);
  // Between an update of the server and that of a cache, one of them may be newer: it says what to ask for.
  const others = found.builds.filter((build) => build && `?b=${build}` !== query);
  while (found.builds[0] !== found.builds[1] && others.length > 0) found = await parts(name, `?b=${others.pop()}`).catch(() => found);
  if (found.builds[0] !== found.builds[1]) {
    throw failed(`${name}.js and ${name}_bg.wasm are of two versions`, "updating");
  }
  return found;
}

async function parts(name, query) {
  const at = (file) => new URL(`../${file}${query}`, import.meta.url).href;
  const script = at(`${name}.js`);
  const asked = [import(script), fetch(at(`${name}_bg.wasm`))];
  const [module, response] = await Promise.all(asked).catch(async (error) => { throw error instanceof TypeError ? await missing(error, script) : error; });
  if (!response.ok) throw failed(`${name}_bg.wasm: the server says ${response.status}`);
  const code = await WebAssembly.compile(await response.arrayBuffer());
  const [section] = WebAssembly.Module.customSections(code, SECTION);
  return { module, code, builds: [module.build, section && new TextDecoder().decode(section)] };
}

// A script that browsers refuse may be there, and sent as something else.
async function missing(error, script) {
  return (await refusal(script)) ?? failed(error.message);
}

// What a server says of a script that cannot run, in an error; nothing where it sends what it should.
export async function refusal(script) {
  const response = await fetch(script, { method: "HEAD" }).catch(() => undefined);
  if (response && !response.ok) return failed(`${script}: the server says ${response.status}`);
  const type = response ? response.headers.get("content-type") ?? "nothing" : "text/javascript";
  return /(java|ecma)script/.test(type) ? undefined : failed(`${script} is sent as ${type}`, "type");
}

// What went wrong, and in a word what to do: the page's code has the sentences (src/app/worker.rs), and www/start.js those for
// where that code is what is missing.
export function failed(words, help = "missing") {
  return Object.assign(new Error(words), { help });
}
