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

/** A text field; an empty one counts as absent, as Alipay means it. */
export function textOf(object: JsonObject | undefined, name: string): string | undefined {
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A decimal as the wire wrote it. Alipay writes text; its older pages show bare numbers, which up to 15 digits come back from
 * JSON exactly as they were written.
 */
export function decimalOf(object: JsonObject | undefined, name: string): string | undefined {
  const value: unknown = object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
  if (typeof value !== 'number') return textOf(object, name);
  const text = String(value);
  return /^\d{1,12}(\.\d{1,3})?$/.test(text) ? text : undefined;
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
