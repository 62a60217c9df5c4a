import { z } from "zod";

/** An environment variable: how it is read, and how people read of it. An empty one counts as not set. */
interface Variable {
  /** From the text as it is written to what the program works with. */
  readonly parse: z.ZodType<unknown, string>;
  /** As one would write it. Left out, the variable may be missing. */
  readonly default?: string;
  /** What holds while it is not set, for people: "looked for". */
  readonly unset?: string;
  /** What it says, as a phrase with code in backticks. */
  readonly about: string;
  /** Whether its value may stand in a file that NAME_FILE names, and is masked wherever it might be shown. */
  readonly isSecret?: boolean;
  /** Whether it tells who the person is: masked in what is given to others. */
  readonly isPersonal?: boolean;
  /** Whether no page shows it, though it is no secret. */
  readonly isHidden?: boolean;
}

/** Variables by their names. */
export type Variables = Readonly<Record<string, Variable>>;

/** Variables that people read together. */
export interface VariableGroup {
  readonly title: string;
  readonly variables: Variables;
}

/** What variables say, by their names. */
type ValuesOf<V extends Variables> = {
  readonly [Name in keyof V]:
    | z.output<V[Name]["parse"]>
    | (V[Name] extends { readonly default: string } ? never : undefined);
};

/** The values of variables that have no fault. @throws ZodError if one has. */
export function readVariables<V extends Variables>(variables: V, texts: Readonly<Record<string, string>>): ValuesOf<V> {
  const values = Object.entries(variables).map(([name, variable]) => [name, schemaOf(variable).parse(texts[name])]);
  // Each value was made by its own schema; only their collection has no type of its own.
  return Object.fromEntries(values) as ValuesOf<V>;
}

/** What is wrong with the texts, each by its variable's name, in the order of the list. */
export function variableFaults(
  variables: Variables,
  texts: Readonly<Record<string, string>>,
): { name: string; fault: string }[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    const { error } = schemaOf(variable).safeParse(texts[name]);
    return (error?.issues ?? []).map(({ message }) => ({ name, fault: `${name} ${message}` }));
  });
}

/** The names of those that are secrets. */
export function secretNames(variables: Variables): string[] {
  return Object.entries(variables).filter(([, { isSecret = false }]) => isSecret).map(([name]) => name);
}

function schemaOf({ parse, default: value }: Variable): z.ZodType {
  return value === undefined ? parse.optional() : parse.prefault(value);
}
