// Branding lives here once. Only the file that owns a type casts to it; everybody else goes through its parser.

declare const brand: unique symbol;

/** A `Base` that cannot be swapped by accident for another `Base` that means something else. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
