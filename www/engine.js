// The engine's worker. Its name says what it does and for which device, `moescope route auto …`. There are two builds: for the CPU
// alone, and, three times as large, with GPU.
import { binary, start } from "./watch.js";

const [, service, device] = self.name.split(" ");

// Why no GPU can be used, in the words that NoGpu::from_word (src/device/mod.rs) knows; empty where one may be.
async function noGpu() {
  if (!navigator.gpu) return "no-webgpu";
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) return "no-adapter";
  if (adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter) return "software";
  return adapter.features.has("timestamp-query") ? "" : "no-timestamps";
}

await start(async () => {
  const serve = async (name, missing) => (await binary(name, import.meta.url)).serve(service, missing);
  if (device === "gpu" || device === "gpu-forced") return serve("engine_gpu", "");
  // What is trained here is too small for a GPU: it is for whoever asks for it.
  const missing = device === "auto" && service === "route" ? await noGpu() : "not-looked-for";
  if (missing) return serve("engine_cpu", missing);
  // Without a network only the build that was used last may be here.
  return serve("engine_gpu", "").catch(() => serve("engine_cpu", "not-fetched"));
});
