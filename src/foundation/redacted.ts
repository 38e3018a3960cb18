// A value that must not reach a log, an error message or a JSON body by accident: printing it shows only that it is there.

const hidden = '<redacted>';

/** Holds a secret. `reveal` is the only way to it, so that every use can be found by name. */
export interface Redacted<Value> {
  reveal(): Value;
  toString(): string;
  toJSON(): string;
}

class RedactedValue<Value> implements Redacted<Value> {
  readonly #value: Value;
  constructor(value: Value) {
    this.#value = value;
  }
  reveal(): Value {
    return this.#value;
  }
  toString(): string {
    return hidden;
  }
  toJSON(): string {
    return hidden;
  }
  // Node's inspector prints this key's answer instead of the object's inside.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

export function redact<Value>(value: Value): Redacted<Value> {
  return new RedactedValue(value);
}
