import { ROOT } from "./source_files.ts";
import { posix } from "node:path";

/** An import or a re-export, of types too. */
interface Import {
  /** The imported file's path from the project's folder; a package's specifier as it stands, such as "npm:zod". */
  readonly target: string;
  readonly isOfProject: boolean;
  /** What is taken by name; "all" where it cannot be told. */
  readonly names: readonly string[] | "all";
  /** Whether it is loaded when the program gets there only. */
  readonly isLazy: boolean;
}

/** A source file with what it imports and exports. */
export interface SourceModule {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly exports: readonly string[];
  /** How often each name stands in it. */
  readonly mentions: ReadonlyMap<string, number>;
}

/** Reads the project's files by Deno's own parser. Only a test may do so. */
export function readModules(paths: readonly string[]): SourceModule[] {
  return paths.map((path) => readModule(path, Deno.readTextFileSync(`${ROOT}${path}`)));
}

/** The same of a text. */
export function readModule(path: string, source: string): SourceModule {
  const imports: Import[] = [];
  const exports: string[] = [];
  const mentions = new Map<string, number>();
  const add = (specifier: string, names: Import["names"], { isLazy = false } = {}) => {
    const isOfProject = specifier.startsWith(".");
    const target = isOfProject ? posix.normalize(posix.join(posix.dirname(path), specifier)) : specifier;
    imports.push({ target, isOfProject, names, isLazy });
  };
  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration: ({ source, specifiers }) => add(source.value, importedNames(specifiers)),
    ExportAllDeclaration: ({ source }) => add(source.value, "all"),
    ExportDefaultDeclaration: () => void exports.push("default"),
    ExportNamedDeclaration({ source, specifiers, declaration }) {
      if (source !== null) add(source.value, specifiers.map(({ local }) => nameOf(local)));
      exports.push(...specifiers.map(({ exported }) => nameOf(exported)), ...declaredNames(declaration));
    },
    ImportExpression(node) {
      if (node.source.type === "Literal") add(String(node.source.value), awaitedNames(node), { isLazy: true });
    },
    TSImportType: ({ argument }) => add(typeSpecifier(argument), "all"),
    Identifier: ({ name }) => void mentions.set(name, (mentions.get(name) ?? 0) + 1),
  };
  const plugin: Deno.lint.Plugin = { name: "modules", rules: { read: { create: () => visitor } } };
  Deno.lint.runPlugin(plugin, path, source);
  return { path, imports, exports, mentions };
}

/** The "x.ts" of `import("x.ts").Type`. */
function typeSpecifier(argument: Deno.lint.TSImportType["argument"]): string {
  if (argument.type !== "TSLiteralType") throw new Error(`Cannot read the import of a type by ${argument.type}`);
  return nameOf(argument.literal);
}

function importedNames(specifiers: Deno.lint.ImportDeclaration["specifiers"]): Import["names"] {
  const names = specifiers.map((specifier) =>
    specifier.type === "ImportSpecifier"
      ? nameOf(specifier.imported)
      : specifier.type === "ImportDefaultSpecifier"
      ? "default"
      : null
  );
  return names.includes(null) ? "all" : names.filter((name) => name !== null);
}

/** `const { a } = await import("…")` takes a alone. */
function awaitedNames({ parent }: Deno.lint.ImportExpression): Import["names"] {
  if (parent.type !== "AwaitExpression" || parent.parent.type !== "VariableDeclarator") return "all";
  const { id } = parent.parent;
  if (id.type !== "ObjectPattern") return "all";
  const keys = id.properties.map((property) => property.type === "Property" ? nameOf(property.key) : null);
  return keys.includes(null) ? "all" : keys.filter((key) => key !== null);
}

function declaredNames(declaration: Deno.lint.ExportNamedDeclaration["declaration"]): string[] {
  if (declaration === null) return [];
  if (declaration.type !== "VariableDeclaration") return "id" in declaration ? [nameOf(declaration.id)] : [];
  return declaration.declarations.map(({ id }) => nameOf(id));
}

/** The name of an identifier, or the text of a string in its place. */
function nameOf(node: unknown): string {
  if (typeof node === "object" && node !== null) {
    if ("name" in node && typeof node.name === "string") return node.name;
    if ("value" in node && typeof node.value === "string") return node.value;
  }
  throw new Error(`Cannot read the name of ${JSON.stringify(node)} as it is neither an identifier nor a string`);
}

/** Every group of files that import each other in a circle, lazily or not; each sorted. */
export function circles(modules: readonly SourceModule[]): string[][] {
  const targets = new Map(modules.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const order = new Map<string, { index: number; low: number; isOpen: boolean }>();
  const open: string[] = [];
  const found: string[][] = [];
  // Tarjan's strongly connected components.
  const visit = (path: string) => {
    const state = { index: order.size, low: order.size, isOpen: true };
    order.set(path, state);
    open.push(path);
    for (const target of targets.get(path) ?? []) {
      if (!targets.has(target)) continue;
      const other = order.get(target) ?? visit(target);
      if (other.isOpen) state.low = Math.min(state.low, other.low);
    }
    if (state.low === state.index) {
      const group = open.splice(open.indexOf(path));
      for (const member of group) close(member);
      if (group.length > 1 || targets.get(path)?.includes(path) === true) found.push(group.sort());
    }
    return state;
  };
  const close = (path: string) => {
    const state = order.get(path);
    if (state !== undefined) state.isOpen = false;
  };
  for (const { path } of modules) if (!order.has(path)) visit(path);
  return found;
}

/** "path: name" of each export of the modules that no other file among the users imports. */
export function unusedExports(modules: readonly SourceModule[], users: readonly SourceModule[]): string[] {
  const used = new Set<string>();
  for (const { imports } of users) {
    for (const { target, names } of imports) {
      if (names === "all") used.add(target);
      else for (const name of names) used.add(`${target}: ${name}`);
    }
  }
  return modules.filter(({ path }) => !used.has(path))
    .flatMap(({ path, exports }) => exports.map((name) => `${path}: ${name}`))
    .filter((one) => !used.has(one));
}

/** Of these exports, in the form that `unusedExports` gives, those that stand in their own file only where they are made. */
export function unmentioned(exports: readonly string[], modules: readonly SourceModule[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  return exports.filter((one) => {
    const [path = "", name = ""] = one.split(": ");
    return (byPath.get(path)?.mentions.get(name) ?? 0) <= 1;
  });
}
