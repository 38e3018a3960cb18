// Reads JSON from the wire without trusting its shape. A field of another type than we expect counts as absent.

export type JsonObject = { readonly [name: string]: unknown };

/** The object that the text holds; `undefined` for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function objectOf(object: JsonObject | undefined, name: string): JsonObject | undefined {
  return object === undefined || !Object.hasOwn(object, name) ? undefined : asObject(object[name]);
}

export function listOf(object: JsonObject | undefined, name: string): readonly unknown[] {
  const value = object?.[name];
  return Array.isArray(value) ? value : [];
}

/** A text field; an empty one counts as absent, as Alipay means it. */
export function textOf(object: JsonObject | undefined, name: string): string | undefined {
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
