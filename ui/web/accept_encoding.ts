/** How a body can be sent; the smaller ones first. */
export const ENCODINGS = ["br", "gzip", "identity"] as const;
export type Encoding = typeof ENCODINGS[number];

/** Clients say the same few things; who sends always new ones does not fill the memory. */
const MOST_REMEMBERED = 32;

/** Chooses an encoding by Accept-Encoding, and remembers what it chose. */
export class EncodingChooser {
  readonly #chosen = new Map<string, Encoding>();

  choose(accept: string | null): Encoding {
    if (accept === null) return "identity";
    const known = this.#chosen.get(accept);
    if (known !== undefined) return known;
    const chosen = encodingFor(accept);
    if (this.#chosen.size < MOST_REMEMBERED) this.#chosen.set(accept, chosen);
    return chosen;
  }
}

/** What a client likes best by its q-values; among equals the smallest. "identity" where it refuses all others. */
export function encodingFor(accept: string): Encoding {
  const weights = weightsOf(accept);
  const rest = weights.get("*");
  const weightOf = (encoding: Encoding) => {
    const own = weights.get(encoding) ?? (encoding === "gzip" ? weights.get("x-gzip") : undefined);
    return own ?? rest ?? (encoding === "identity" ? LEAST : 0);
  };
  const [best] = ENCODINGS.map((encoding) => ({ encoding, weight: weightOf(encoding) }))
    .filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  return best?.encoding ?? "identity";
}

/** Identity needs no mention, but what is mentioned comes before it. */
const LEAST = 0.0001;

function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const given = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(given) ? Number(given) : 0;
    if (name !== "") weights.set(name, weight);
  }
  return weights;
}
