// `deno task ok`: the whole gate. With --skip-tests everything but the tests, for a CI that ran them already.
const CHECKS: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: "format", args: ["fmt", "--check", "--quiet"] },
  { name: "lint", args: ["lint", "--quiet"] },
  { name: "types", args: ["check", "--quiet", "."] },
  { name: "tests", args: ["run", "-A", "tools/test.ts"] },
];

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const isSkipped = (name: string) => name === "tests" && Deno.args.includes("--skip-tests");
const failed: string[] = [];
for (const { name, args } of CHECKS.filter(({ name }) => !isSkipped(name))) {
  say(`── ${name}`);
  const { success } = await new Deno.Command(Deno.execPath(), { args: [...args] }).spawn().status;
  if (!success) failed.push(name);
}
say(failed.length === 0 ? "ok" : `not ok: ${failed.join(", ")}`);
Deno.exit(failed.length === 0 ? 0 : 1);
