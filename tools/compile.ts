import { compile } from "./compile_binary.ts";

// `deno task compile [--output FILE]`: makes the one binary.
const at = Deno.args.indexOf("--output");
const output = at < 0 ? "tracker" : Deno.args[at + 1] ?? "tracker";
Deno.exit(await compile({ output }) ? 0 : 1);
