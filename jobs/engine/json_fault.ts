import { JobError } from "./errors.ts";

/** Why the value would not come back from JSON as it was, such as "result.rows[2] is undefined"; null where it would. */
export function jsonFault(value: unknown, path: string, parents: readonly unknown[] = []): string | null {
  if (value === null || typeof value === "boolean" || typeof value === "string") return null;
  if (typeof value === "number") return Number.isFinite(value) ? null : `${path} is ${value}`;
  if (value === undefined) return `${path} is undefined`;
  if (typeof value !== "object") return `${path} is a ${typeof value}`;
  if (parents.includes(value)) return `${path} contains itself`;
  const within = [...parents, value];
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = jsonFault(value[index], `${path}[${index}]`, within);
      if (fault !== null) return fault;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path} is a ${value.constructor.name}`;
  for (const [key, field] of Object.entries(value)) {
    const fault = jsonFault(field, `${path}.${key}`, within);
    if (fault !== null) return fault;
  }
  return null;
}

/** @throws JobError where the value is not JSON. `what` names it, such as `the result of step "capture"`. */
export function requireJson(value: unknown, what: string): void {
  const fault = jsonFault(value, "value");
  if (fault !== null) throw new JobError(`Cannot remember ${what} as it must be JSON: ${fault}`);
}
