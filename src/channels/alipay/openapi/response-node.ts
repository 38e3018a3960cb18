// Finds the response node in the raw text of an OpenAPI v2 answer. The signature covers the node's exact bytes, from its opening
// brace to the matching one, so it is cut out of the text and never parsed and written again.
// @see https://opendocs.alipay.com/common/02mse7

export type RawAnswer = {
  /** The node's exact text, braces included. */
  readonly node: string;
  /** Absent on some gateway errors. */
  readonly sign: string | undefined;
};

/** Cuts the node under `key` out of the answer's text; `undefined` when the text is not such an answer. */
export function cutAnswer(text: string, key: string): RawAnswer | undefined {
  const members = topMembers(text);
  const node = members?.get(key);
  if (node === undefined || !node.startsWith('{')) return undefined;
  return { node, sign: readText(members?.get('sign')) };
}

function readText(raw: string | undefined): string | undefined {
  if (raw === undefined || !raw.startsWith('"')) return undefined;
  try {
    const text: unknown = JSON.parse(raw);
    return typeof text === 'string' && text !== '' ? text : undefined;
  } catch {
    return undefined;
  }
}

// The members of the outermost object with the raw text of their values. A name that stands twice makes the answer unreadable:
// a reader of the first and a verifier of the second would see two different things.
function topMembers(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  let at = skipBlank(text, 0);
  if (text[at] !== '{') return undefined;
  at = skipBlank(text, at + 1);
  while (text[at] === '"') {
    const nameEnd = endOfText(text, at);
    const name = readText(text.slice(at, nameEnd));
    const colon = skipBlank(text, nameEnd);
    if (name === undefined || text[colon] !== ':' || members.has(name)) return undefined;
    const start = skipBlank(text, colon + 1);
    const end = endOfValue(text, start);
    if (end === start) return undefined;
    members.set(name, text.slice(start, end));
    at = skipBlank(text, end);
    if (text[at] !== ',') break;
    at = skipBlank(text, at + 1);
  }
  return text[at] === '}' && skipBlank(text, at + 1) === text.length ? members : undefined;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  return at;
}

// Just past the closing quote of the JSON text that opens at `from`; the text's length when it does not close.
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfText(text, from);
  if (first !== '{' && first !== '[') {
    let at = from;
    while (at < text.length && !/[,}\]\s]/.test(text[at] ?? '')) at += 1;
    return at;
  }
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') at = endOfText(text, at) - 1;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
