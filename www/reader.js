// The worker that reads a file for the page: the page's own binary, which sees where it runs.
import { binary, start } from "./watch.js";

await start(() => binary("studio", import.meta.url));
